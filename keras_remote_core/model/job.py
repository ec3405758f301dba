"""A job from its submission to its last log line."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Mapping

from attrs import field, frozen, validators

from keras_remote_core import job_ids
from keras_remote_core.model.image import Image
from keras_remote_core.model.plan import Plan

HANDLE_SCHEMA = 1


@frozen(kw_only=True)
class Staged:
  """What lies in the store for a job."""

  manifest_key: str
  manifest_sha256: str


@frozen(kw_only=True)
class Submission:
  """Everything a backend needs to start a job.

  Args:
    runner: the bytes of ``runner.pyz``, the program each host runs.
    runner_sha256: its digest, for content-addressed mounts.
    arguments: what follows ``python runner.pyz`` on every host; a backend
      appends ``--host N`` where the plan has several processes.
    key: 32 random bytes that sign the outcome. The job gets them as hex in
      the environment variable ``KERAS_REMOTE_KEY``, by a channel that is
      neither the store nor an argument.
    requirements: the normalised lines of what the job will have installed.
    secrets: names and values the backend puts into the job's environment.
  """

  plan: Plan
  image: Image
  staged: Staged
  arguments: tuple[str, ...]
  runner: bytes = field(repr=False)
  runner_sha256: str
  key: bytes = field(repr=False)
  requirements: tuple[str, ...] = ()
  secrets: Mapping[str, str] = field(factory=dict, repr=False)


@frozen(kw_only=True)
class JobHandle:
  """How to find a job again from any machine; holds nothing secret.

  Args:
    job_id: names folders and objects, so nothing else than an id may pass.
    native_id: the backend's own name of the job.
    settings: JSON scalars that reach it: project, location, namespace, …
    user: who submitted it; a name of their machine, no proof.
    processes: hosts whose outcomes make the job's outcome.
    root: the source root on the machine that submitted, so that remote
      frames show their lines there.
  """

  job_id: str = field(validator=validators.matches_re(job_ids.PATTERN))
  function: str
  backend: str
  distribution: str
  version: str
  native_id: str
  store_url: str
  created: datetime.datetime
  accelerator: str
  settings: Mapping[str, str | int | bool | None] = field(factory=dict)
  user: str = ""
  processes: int = 1
  attempts: int = 1
  result_reader: str = "cloudpickle"
  pending_timeout: float | None = None
  root: str | None = None
  schema: int = HANDLE_SCHEMA


class Phase(enum.StrEnum):
  """Where a job stands."""

  PENDING = "pending"
  RUNNING = "running"
  SUCCEEDED = "succeeded"
  FAILED = "failed"
  CANCELLED = "cancelled"

  @property
  def terminal(self) -> bool:
    return self not in (Phase.PENDING, Phase.RUNNING)


@frozen(kw_only=True)
class JobStatus:
  """A phase with its dominant reason and, where there is one, the remedy."""

  phase: Phase
  reason: str = ""
  message: str = ""
  remedy: str | None = None


@frozen(kw_only=True)
class LogLine:
  """One line of output.

  Args:
    worker: which host printed it, such as ``"0"``.
    time: when, in UTC.
    text: without the line's end, exactly as printed.
  """

  worker: str
  time: datetime.datetime
  text: str


@frozen(kw_only=True)
class JobEvent:
  """Something that happened to a job, for ``keras_remote_job_event``.

  Args:
    name: ``submitted``, ``running``, ``succeeded``, ``failed`` or
      ``cancelled``.
  """

  name: str
  handle: JobHandle
  time: datetime.datetime
  detail: str = ""


@frozen(kw_only=True)
class CheckResult:
  """What a ``doctor`` check found."""

  ok: bool
  message: str
  remedy: str | None = None
  fix: Callable[[], None] | None = field(default=None, repr=False)
