"""What users can say about how infrastructure is kept."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen
from attrs.validators import optional

from keras_remote_core.settings import setting

SECTION = "up"
"""The command whose settings these are, for the others too."""
_STATE = re.compile(r"gs://[a-z0-9][\w.-]+|file:///.*", re.ASCII)


def _state(instance: Any, attribute: Any, value: str) -> None:
  del instance, attribute
  if not _STATE.fullmatch(value):
    raise ValueError("must be gs://BUCKET or file:///FOLDER")


@frozen(kw_only=True)
class InfraSettings:
  """The settings of ``up``, ``down``, ``status``, ``pool`` and ``init``."""

  state: str | None = setting(
    None,
    "where what was made is kept in mind; by default a bucket of the project",
    env="KERAS_REMOTE_INFRA_STATE",
    validator=optional(_state),
  )
