"""What users can say about the images of their jobs."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen
from attrs.validators import matches_re, optional

from keras_remote_core import durations
from keras_remote_core.settings import setting

_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+(=[\w.+:~-]+)?", re.ASCII)
# https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds
_MACHINES = (
  "E2_MEDIUM",
  "E2_STANDARD_2",
  "E2_HIGHCPU_8",
  "E2_HIGHCPU_32",
  "N1_HIGHCPU_8",
  "N1_HIGHCPU_32",
)
_LONGEST = 86400.0


def _apt(instance: Any, attribute: Any, value: tuple[str, ...]) -> None:
  del instance, attribute
  for each in value:
    if not _PACKAGE.fullmatch(each):
      raise ValueError(f"{each!r} is not a Debian package such as ffmpeg")


def _index(instance: Any, attribute: Any, value: str | None) -> None:
  del instance, attribute
  if value is None:
    return
  if re.search(r"[\s\"'\\$]", value) or not urlsplit(value).hostname:
    raise ValueError(
      "must be a URL such as https://packages.example.com/simple"
    )
  if urlsplit(value).username is not None:
    raise ValueError(
      "must be a URL without credentials: builds have no secrets"
    )


def _machine(instance: Any, attribute: Any, value: str) -> None:
  del instance, attribute
  if value not in _MACHINES:
    raise ValueError(f"must be one of {', '.join(_MACHINES)}")


def _timeout(instance: Any, attribute: Any, value: float) -> None:
  del instance, attribute
  if value > _LONGEST:
    raise ValueError("must be at most 24h")


@frozen(kw_only=True)
class CloudBuildSettings:
  """What goes into an image, and how it is built.

  Args:
    timeout: seconds.
  """

  apt: tuple[str, ...] = setting(
    (),
    "Debian packages the image gets, such as ffmpeg",
    run=True,
    validator=_apt,
  )
  index: str | None = setting(
    None,
    "the package index that requirements come from, where it is another one",
    validator=_index,
  )
  region: str | None = setting(
    None,
    "where images are built and kept; by default the zone's region",
    validator=optional(matches_re(r"[a-z]+(-[a-z]+\d+)?")),
  )
  repository: str = setting(
    "keras-remote",
    "the Artifact Registry repository of the images",
    validator=matches_re(r"[a-z]([a-z0-9-]*[a-z0-9])?"),
  )
  machine_type: str = setting(
    "E2_HIGHCPU_8", "the machine that builds", validator=_machine
  )
  service_account: str | None = setting(
    None,
    "the email of the service account that builds; by default the project's",
    validator=optional(matches_re(r"[\w.-]+@[\w.-]+")),
  )
  timeout: float = setting(
    3600.0,
    "how long a build may run, such as 1h",
    converter=durations.seconds,
    validator=_timeout,
  )
