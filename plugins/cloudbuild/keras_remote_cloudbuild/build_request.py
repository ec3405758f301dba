"""What Cloud Build is asked to do, as a plain message; pure.

The fields: https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from keras_remote_cloudbuild.errors import ImageError
from keras_remote_cloudbuild.settings import CloudBuildSettings

_DOCKER = "gcr.io/cloud-builders/docker"
# A dollar sign is written twice, or Cloud Build takes it for its own.
_VERIFY = 'printf "%s\\n" "$$@" | sha256sum --check --strict'
LOGS = "images/logs"


@frozen
class Bucket:
  """Where Cloud Build finds files and leaves its log."""

  name: str
  prefix: str

  @classmethod
  def of(cls, store_url: str) -> Bucket:
    """The bucket of a ``gs://`` store.

    Raises:
      ImageError: the store is another one, which Cloud Build cannot read.
    """
    scheme, _, rest = store_url.partition("://")
    if scheme != "gs":
      raise ImageError(
        f"Cloud Build cannot read the store {store_url}",
        remedy="store='gs://BUCKET', or container_image='prebuilt'",
      )
    name, _, prefix = rest.partition("/")
    return cls(name, f"{prefix}/" if prefix else "")


@frozen(kw_only=True)
class Wanted:
  """One image to build.

  Args:
    reference: what to push, with its tag.
    cache: the reference of the layers that builds share.
    files: what the archive holds, by name.
    archive: the archive's key in the store.
  """

  reference: str
  cache: str
  files: Mapping[str, bytes]
  archive: str

  @property
  def tag(self) -> str:
    return self.reference.rpartition(":")[2]


def message(
  wanted: Wanted, bucket: Bucket, settings: CloudBuildSettings, project: str
) -> dict[str, Any]:
  """A Build in the spelling of Google's own client.

  Its log goes to the store: whoever may start a job can read it there, and a
  service account of the user's own is allowed no other place but Cloud Logging.
  """
  named = settings.service_account
  account = f"projects/{project}/serviceAccounts/{named}" if named else ""
  return {
    "source": {
      "storage_source": {
        "bucket": bucket.name,
        "object_": f"{bucket.prefix}{wanted.archive}",
      }
    },
    "steps": _steps(wanted),
    "timeout": {"seconds": int(settings.timeout)},
    "logs_bucket": f"gs://{bucket.name}/{bucket.prefix}{LOGS}",
    "options": {
      "machine_type": settings.machine_type,
      "logging": "GCS_ONLY",
      "log_streaming_option": "STREAM_ON",
    },
    "service_account": account,
    "tags": ["keras-remote", wanted.tag],
  }


def _steps(wanted: Wanted) -> list[dict[str, Any]]:
  cache = f"type=registry,ref={wanted.cache}"
  return [
    {
      "id": "verify",
      "name": _DOCKER,
      "entrypoint": "bash",
      "args": ["-c", _VERIFY, "verify", *_sums(wanted.files)],
    },
    {
      "id": "prepare",
      "name": _DOCKER,
      "args": ["buildx", "create", "--driver=docker-container", "--use"],
    },
    {
      "id": "build",
      "name": _DOCKER,
      "args": [
        "buildx",
        "build",
        "--progress=plain",
        "--platform=linux/amd64",
        "--provenance=false",
        f"--cache-from={cache}",
        f"--cache-to={cache},mode=max",
        f"--tag={wanted.reference}",
        "--push",
        ".",
      ],
    },
  ]


def _sums(files: Mapping[str, bytes]) -> list[str]:
  """What ``sha256sum`` checks: nobody may swap files in the store."""
  return [
    f"{hashlib.sha256(data).hexdigest()}  {name}"
    for name, data in sorted(files.items())
  ]
