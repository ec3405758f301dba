"""What a request to delete means for an object; pure."""

from __future__ import annotations

import datetime
from typing import Any

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  copied,
  deleting,
  finalizers,
  finished,
  name,
  stamp,
  uid,
)
from keras_remote_gke.testing.control.resources import (
  JOBS,
  NAMESPACES,
  PODS,
  Resource,
)
from keras_remote_gke.testing.control.statuses import conflict

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"


@frozen(kw_only=True)
class Options:
  """How something is deleted.

  Args:
    grace: seconds that a pod gets; None: its own.
    propagation: Background, Foreground or Orphan; None: the kind's default.
    uid: what the object's uid must be.
    version: what its resourceVersion must be.
    dry_run: whether nothing is done.
  """

  grace: int | None = None
  propagation: str | None = None
  uid: str | None = None
  version: str | None = None
  dry_run: bool = False

  @classmethod
  def of(cls, body: Object, query: dict[str, str]) -> Options:
    """The options of a request; those in its body go first."""
    told: dict[str, Any] = {**query, **body}
    required = body.get("preconditions") or {}
    grace = told.get("gracePeriodSeconds")
    return cls(
      grace=None if grace is None else int(grace),
      propagation=told.get("propagationPolicy"),
      uid=required.get("uid"),
      version=required.get("resourceVersion"),
      dry_run=bool(told.get("dryRun")),
    )


def check(resource: Resource, item: Object, options: Options) -> None:
  """Refuses to delete another object than was meant."""
  told = item["metadata"]
  for what, wanted, have in (
    ("UID", options.uid, told["uid"]),
    ("ResourceVersion", options.version, told["resourceVersion"]),
  ):
    if wanted not in (None, have):
      why = (
        f"Precondition failed: {what} in precondition: {wanted}, {what} in"
        f" object meta: {have}"
      )
      raise conflict(resource, name(item), why)


def marked(resource: Resource, item: Object, options: Options) -> Object | None:
  """The object as it waits for its deletion; None: nothing keeps it."""
  made: Object = copied(item)
  about = made["metadata"]
  about["finalizers"] = _finalizers(resource, item, options)
  if not about["finalizers"]:
    del about["finalizers"]
  grace = _grace(resource, item, options)
  if not grace and not finalizers(made) and not _furnished(made):
    return None
  _mark(about, grace)
  if resource == NAMESPACES:
    made["status"] = {"phase": "Terminating"}
  return made


def released(item: Object) -> bool:
  """Whether an object that waits for its deletion waits for nothing more."""
  return (
    deleting(item)
    and not finalizers(item)
    and not _furnished(item)
    and not item["metadata"].get("deletionGracePeriodSeconds")
  )


def _furnished(item: Object) -> bool:
  """Whether it is a namespace that may still have something in it."""
  return bool(item["kind"] == "Namespace" and item["spec"].get("finalizers"))


def _mark(about: Object, grace: int) -> None:
  before = about.get("deletionGracePeriodSeconds")
  if "deletionTimestamp" in about and before is not None and before <= grace:
    return
  first = "deletionTimestamp" not in about
  end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=grace)
  if first or grace:
    about["deletionTimestamp"] = stamp(end)
  about["deletionGracePeriodSeconds"] = grace
  if first and "generation" in about:
    about["generation"] += 1


def _finalizers(
  resource: Resource, item: Object, options: Options
) -> list[str]:
  kept = [e for e in finalizers(item) if e not in (FOREGROUND, ORPHAN)]
  policy = options.propagation
  if policy is None:
    if known := [e for e in finalizers(item) if e in (FOREGROUND, ORPHAN)]:
      return [*kept, *known]
    # Of all kinds here, only Jobs leave their pods behind by default.
    policy = "Orphan" if resource == JOBS else "Background"
  added = {"Foreground": [FOREGROUND], "Orphan": [ORPHAN]}.get(policy, [])
  return [*kept, *added]


def _grace(resource: Resource, item: Object, options: Options) -> int:
  if resource != PODS:
    return 0
  if finished(item) or not item["spec"].get("nodeName"):
    return 0
  if options.grace is not None:
    return max(options.grace, 0)
  already = item["metadata"].get("deletionGracePeriodSeconds")
  if already is not None:
    return int(already)
  return int(item["spec"].get("terminationGracePeriodSeconds", 30))


def identity(item: Object) -> Options:
  """Deletes this very object, not a later one of its name."""
  return Options(uid=uid(item), propagation="Background")
