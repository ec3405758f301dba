"""Runs Keras and JAX functions on cloud TPUs and GPUs with one decorator.

Everything loads on first use, so that importing this costs next to nothing.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
  from keras_remote_core import errors as errors
  from keras_remote_core.api import attach as attach
  from keras_remote_core.api import jobs as jobs
  from keras_remote_core.api import run as run
  from keras_remote_core.errors import JobFailed as JobFailed
  from keras_remote_core.errors import KerasRemoteError as KerasRemoteError
  from keras_remote_core.errors import RemoteError as RemoteError
  from keras_remote_core.job import Job as Job
  from keras_remote_runner.inside import in_job as in_job

_HOMES = {
  "run": "keras_remote_core.api",
  "attach": "keras_remote_core.api",
  "jobs": "keras_remote_core.api",
  "in_job": "keras_remote_runner.inside",
  "Job": "keras_remote_core.job",
  "JobFailed": "keras_remote_core.errors",
  "KerasRemoteError": "keras_remote_core.errors",
  "RemoteError": "keras_remote_core.errors",
}

__all__ = ["__version__", "errors", *_HOMES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
  if name == "errors":
    return importlib.import_module("keras_remote_core.errors")
  if name == "__version__":
    return importlib.import_module("keras_remote_core").__version__
  if name not in _HOMES:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
  return getattr(importlib.import_module(_home(name)), name)


def __dir__() -> list[str]:
  return sorted(__all__)


def _home(name: str) -> str:
  # Inside a job a decorated function runs right there, and needs no client.
  inside = name == "run" and "KERAS_REMOTE_JOB_ID" in os.environ
  return "keras_remote_runner.inside" if inside else _HOMES[name]
