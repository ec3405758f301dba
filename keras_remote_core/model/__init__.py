"""The values that flow from step to step.

All are frozen, each is made by exactly one step, and none has a field that is
"not yet set". Secret values never show in a ``repr``.
"""

from __future__ import annotations

from keras_remote_core.model.bundle import (
  Blob,
  Bundle,
  Layout,
)
from keras_remote_core.model.image import (
  Contents,
  Image,
  ImageKey,
  ImageRequest,
  Install,
)
from keras_remote_core.model.job import (
  HANDLE_SCHEMA,
  CheckResult,
  JobEvent,
  JobHandle,
  JobStatus,
  LogLine,
  Phase,
  Staged,
  Submission,
)
from keras_remote_core.model.plan import (
  BackendChoice,
  Call,
  Choice,
  Credentials,
  Environment,
  Plan,
  StoreChoice,
)
from keras_remote_core.model.resources import (
  Accelerator,
  Place,
  Resources,
)

__all__ = [
  "Accelerator",
  "BackendChoice",
  "Blob",
  "Bundle",
  "Call",
  "CheckResult",
  "Choice",
  "Contents",
  "Credentials",
  "Environment",
  "HANDLE_SCHEMA",
  "Image",
  "ImageKey",
  "ImageRequest",
  "Install",
  "JobEvent",
  "JobHandle",
  "JobStatus",
  "Layout",
  "LogLine",
  "Phase",
  "Place",
  "Plan",
  "Resources",
  "Staged",
  "StoreChoice",
  "Submission",
]
