"""The values that flow from step to step.

All are frozen, each is made by exactly one step, and none has a field that is
"not yet set". Secret values never show in a ``repr``.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from keras_remote_core.providers import BackendProvider, Provider, StoreProvider

HANDLE_SCHEMA = 1


@frozen(kw_only=True)
class Accelerator:
  """Neutral facts about what was asked for; labels belong to the plugins.

  Args:
    name: the canonical spelling, such as ``"v6e-4x4"``, ``"a100x4"``,
      ``"cpu"`` or ``"cpu:8"``.
    kind: ``"cpu"``, ``"gpu"`` or ``"tpu"``.
    family: ``"v6e"``, ``"a100"``, ``"cpu"``: the key of the registry.
    chips: TPU chips or GPUs in all hosts; for ``cpu:8``, CPUs (0: any).
    hosts: machines the chips are spread over.
    topology: ``"4x4"`` on TPU, None elsewhere.
    memory: GB of device memory per chip (decimal), None where not known.
  """

  name: str
  kind: str
  family: str
  chips: int
  hosts: int = 1
  topology: str | None = None
  memory: int | None = None

  @property
  def chips_per_host(self) -> int:
    return self.chips // self.hosts


@frozen(kw_only=True)
class Resources:
  """The hardware of one job."""

  accelerator: Accelerator
  spot: bool = False


@frozen(kw_only=True)
class Call:
  """A function with its arguments, before anything was packed."""

  function: Callable[..., Any]
  args: tuple[Any, ...] = field(default=(), repr=False)
  kwargs: Mapping[str, Any] = field(factory=dict, repr=False)


@frozen(kw_only=True)
class Environment:
  """What the job's process environment gets.

  Args:
    plain: names and values; they stand in the manifest.
    secrets: names and values that only the backend carries.
  """

  plain: Mapping[str, str] = field(factory=dict)
  secrets: Mapping[str, str] = field(factory=dict, repr=False)


@frozen(kw_only=True)
class Choice:
  """One step's provider, its settings, and why it was chosen."""

  provider: Provider[Any]
  settings: Any
  why: str

  @property
  def name(self) -> str:
    return self.provider.name


@frozen(kw_only=True)
class BackendChoice(Choice):
  """The backend, and the distribution that brought it."""

  provider: BackendProvider[Any]
  distribution: str = ""
  version: str = ""


@frozen(kw_only=True)
class StoreChoice(Choice):
  """The store's provider and the URL it opens."""

  provider: StoreProvider[Any]
  url: str


@frozen(kw_only=True)
class Place:
  """Where a cloud backend works; backends without a cloud ignore it."""

  project: str | None = None
  zone: str | None = None
  cluster: str | None = None
  namespace: str | None = None


@frozen(kw_only=True)
class Plan:
  """Everything decided about one call, before anything was done.

  Args:
    job_id: at most 40 characters of ``[a-z0-9-]``, starting with a letter.
    function: the function's qualified name, for people.
    image: what the user named in ``container_image``, or None.
    requirements: requirement lines the user gave on top of the project's.
    timeout: seconds the function may run, or None.
    pending_timeout: seconds the job may wait for hardware, or None.
    strict: False turns refusals about code that may not import into warnings.
    processes: hosts that run the function.
    attempts: how often the job may be started.
    notes: lines that the caller should see.
  """

  job_id: str
  function: str
  created: datetime.datetime
  resources: Resources
  backend: BackendChoice
  authenticator: Choice
  packager: Choice
  image_builder: Choice
  store: StoreChoice
  result_reader: Choice
  place: Place = Place()
  image: str | None = None
  requirements: tuple[str, ...] = ()
  environment: Environment = Environment()
  timeout: float | None = None
  pending_timeout: float | None = None
  strict: bool = True
  processes: int = 1
  attempts: int = 1
  notes: tuple[str, ...] = ()


@frozen(kw_only=True)
class Credentials:
  """Who the caller is; ``token()`` returns a fresh bearer token or None."""

  principal: str
  project: str | None = None
  token: Callable[[], str | None] = field(default=lambda: None, repr=False)


@frozen(kw_only=True)
class Blob:
  """A content-addressed file that is ready to upload."""

  path: Path
  sha256: str
  size: int

  @property
  def key(self) -> str:
    return f"blobs/{self.sha256}"


@frozen(kw_only=True)
class Layout:
  """How the source tree is laid out again in the job.

  Args:
    sys_path: POSIX paths relative to the source root, in import order.
    cwd: the working directory, relative to the source root.
  """

  sys_path: tuple[str, ...] = (".",)
  cwd: str = "."


@frozen(kw_only=True)
class Bundle:
  """What the packager made of a call.

  Args:
    function: the pickled function.
    inputs: one pickled ``(args, kwargs)`` per task.
    source: the source archive, or None where no source root was found.
    root: the source root on this machine, or None.
    requirements: normalised requirement lines the job needs, sorted.
    python: the minor version the payload was made by, such as ``"3.12"``.
    by_value: whether code travels inside the payload, which ties it to
      ``python``.
  """

  function: Blob
  inputs: tuple[Blob, ...]
  source: Blob | None
  root: Path | None
  layout: Layout
  requirements: tuple[str, ...]
  python: str
  by_value: bool

  @property
  def blobs(self) -> tuple[Blob, ...]:
    source = (self.source,) if self.source else ()
    return (self.function, *self.inputs, *source)


@frozen(kw_only=True)
class ImageRequest:
  """What an image is decided from.

  Args:
    image: what the user named in ``container_image``, or None.
    requirements: the bundle's requirement lines.
    python: the client's minor version, such as ``"3.12"``.
    kind: ``"cpu"``, ``"gpu"`` or ``"tpu"``.
  """

  image: str | None
  requirements: tuple[str, ...]
  python: str
  kind: str


class Contents(enum.StrEnum):
  """What can be imported in an image, besides the standard library."""

  CLIENT = "client"
  """All that this very interpreter has."""
  REQUIREMENTS = "requirements"
  """The requirements and nothing else."""
  UNKNOWN = "unknown"
  """The requirements, and whatever its maker put in."""


@frozen(kw_only=True)
class ImageKey:
  """A purely computed image reference and each input that went into it."""

  reference: str
  contents: Contents = Contents.REQUIREMENTS
  inputs: Mapping[str, str] = field(factory=dict)


class Install(enum.StrEnum):
  """What the runner does about requirements before it starts the function."""

  NOTHING = "nothing"
  """The environment has them already."""
  MISSING = "missing"
  """Installed on top of what the image brings."""
  ALL = "all"
  """Installed into a fresh environment that inherits nothing."""


@frozen(kw_only=True)
class Image:
  """An image that is there, pinned by digest wherever one can be known.

  Args:
    reference: what a container backend runs; None on hosts without containers.
    python: the minor version inside, or None where it cannot be known.
    install: what is left to install when the job starts.
  """

  reference: str | None
  python: str | None = None
  install: Install = Install.NOTHING


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
    secrets: names and values the backend puts into the job's environment.
  """

  plan: Plan
  image: Image
  staged: Staged
  arguments: tuple[str, ...]
  runner: bytes = field(repr=False)
  runner_sha256: str
  key: bytes = field(repr=False)
  secrets: Mapping[str, str] = field(factory=dict, repr=False)


@frozen(kw_only=True)
class JobHandle:
  """How to find a job again from any machine; holds nothing secret.

  Args:
    native_id: the backend's own name of the job.
    settings: JSON scalars that reach it: project, location, namespace, …
    processes: hosts whose outcomes make the job's outcome.
    root: the source root on the machine that submitted, so that remote
      frames show their lines there.
  """

  job_id: str
  function: str
  backend: str
  distribution: str
  version: str
  native_id: str
  store_url: str
  created: datetime.datetime
  accelerator: str
  settings: Mapping[str, str | int | bool | None] = field(factory=dict)
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
class CheckResult:
  """What a ``doctor`` check found."""

  ok: bool
  message: str
  remedy: str | None = None
  fix: Callable[[], None] | None = field(default=None, repr=False)


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
