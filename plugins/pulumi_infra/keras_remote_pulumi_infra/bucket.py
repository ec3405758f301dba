"""The bucket that jobs, payloads and results are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from keras_remote_pulumi_infra import names
from keras_remote_pulumi_infra.config import InfraConfig

if TYPE_CHECKING:
  from pulumi import Output, Resource

# What is found by its content is renewed whenever it is used again, and made
# anew where it is missing. No job waits and runs for as long as this.
_BY_CONTENT = ("blobs/", "images/contexts/")
# Written by Cloud Build, which gives nothing a time that could be renewed.
_BUILD_LOGS = ("images/logs/",)
_UNUSED_DAYS = 180
_UNFINISHED_DAYS = 7


def bucket(config: InfraConfig, after: Sequence[Resource]) -> Output[str]:
  """The bucket, by its name; what people keep in it is never removed by age.

  It is protected, so that only who asks for it loses its objects, and then
  with all that is in it.
  """
  from pulumi import ResourceOptions
  from pulumi_gcp import storage

  made = storage.Bucket(
    "bucket",
    project=config.project,
    name=names.bucket(config),
    location=config.region.upper(),
    labels=names.LABELS,
    uniform_bucket_level_access=True,
    public_access_prevention="enforced",
    # What is deleted here is scratch, and would be paid for another week.
    soft_delete_policy=storage.BucketSoftDeletePolicyArgs(
      retention_duration_seconds=0
    ),
    lifecycle_rules=_rules(),
    force_destroy=True,
    opts=ResourceOptions(depends_on=after, protect=True),
  )
  name: Output[str] = made.name
  return name


def _rules() -> list[Any]:
  return [
    _rule(
      "Delete",
      days_since_custom_time=_UNUSED_DAYS,
      matches_prefixes=list(_BY_CONTENT),
    ),
    _rule("Delete", age=_UNUSED_DAYS, matches_prefixes=list(_BUILD_LOGS)),
    _rule("AbortIncompleteMultipartUpload", age=_UNFINISHED_DAYS),
  ]


def _rule(action: str, **condition: Any) -> Any:
  from pulumi_gcp import storage

  return storage.BucketLifecycleRuleArgs(
    action=storage.BucketLifecycleRuleActionArgs(type=action),
    condition=storage.BucketLifecycleRuleConditionArgs(**condition),
  )
