"""The roles: what an implementation of each step looks like.

Every implementation is made once per submission by ``factory(settings,
context)``, where ``settings`` is an instance of the provider's settings class
(None without one). Single-verb roles are callables, the others are classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

from attrs import field, frozen

from keras_remote_core.model import (
  Bundle,
  Call,
  CheckResult,
  Credentials,
  Image,
  ImageKey,
  ImageRequest,
  JobHandle,
  JobStatus,
  LogLine,
  Place,
  Plan,
  Submission,
)


class Reporter(Protocol):
  """How an implementation tells the caller what goes on."""

  def step(self, name: str, detail: str = "") -> AbstractContextManager[None]:
    """One timed step, shown live while the block runs."""

  def note(self, text: str) -> None:
    """One line the caller should see."""

  def warn(self, text: str) -> None:
    """One line the caller should act on."""


class Entry(NamedTuple):
  """One stored object: its key, bytes, and seconds since the epoch."""

  key: str
  size: int
  modified: float


class ArtifactStore(Protocol):
  """Files by key, on both sides: here, and inside a job.

  Keys are relative POSIX paths of printable characters but the backslash, no
  part of them empty, ``.`` or ``..``; any other raises StoreError here and
  ValueError in a job. A missing key raises FileNotFoundError. A reader never
  sees half an object. Other failures raise StoreError here, OSError in a job.
  """

  def put(self, source: Path, key: str) -> None:
    """Uploads a file."""

  def get(self, key: str, target: Path) -> None:
    """Downloads to a file that appears only when it is whole."""

  def read(self, key: str) -> bytes:
    """Returns a small object."""

  def write(self, key: str, data: bytes, only_if_absent: bool = False) -> None:
    """Stores a small object.

    Raises:
      FileExistsError: the key exists and ``only_if_absent`` was asked for; of
        any number of racing writers exactly one does not get this.
    """

  def touch(self, key: str) -> bool:
    """Renews an object's age; False where it does not exist."""

  def exists(self, key: str) -> bool:
    """Says whether the key can be read."""

  def list(self, prefix: str) -> Iterator[Entry]:
    """All objects whose key starts with ``prefix``, ordered by key."""

  def delete(self, prefix: str) -> None:
    """Deletes the object ``prefix`` and all below ``prefix/``, if any.

    ``jobs/a`` leaves ``jobs/ab`` alone, unlike ``list``.
    """

  def url(self, key: str) -> str:
    """Where a person or another tool finds the object."""


@frozen(kw_only=True)
class Context:
  """What one submission or attachment shares among its steps.

  Args:
    place: the caller's own project, zone, cluster and namespace.
    workdir: a private folder that lives as long as this process.
    store: the opened store; None only while authenticators and the store
      itself are made.
  """

  store_url: str
  workdir: Path
  report: Reporter
  place: Place = field(factory=Place)
  credentials: Credentials | None = None
  store: ArtifactStore | None = None


class Authenticator(Protocol):
  def __call__(self) -> Credentials:
    """Returns credentials, or raises MissingCredentials with the remedy.

    Their token can be asked for on any thread, and no text shows it.
    """


class Packager(Protocol):
  def __call__(self, call: Call, plan: Plan) -> Bundle:
    """Packs a call, or raises PackagingError naming what cannot travel.

    The same call gives the same digests. The function is not called, its
    project is left as it is, and no file holds a secret of the plan.
    """


class ImageBuilder(Protocol):
  def key(self, request: ImageRequest) -> ImageKey:
    """Says purely what would be used, and from which inputs.

    No network is asked. References that differ have inputs that differ, and
    the other way round where they are of containers; none of them is secret.
    """

  def build(self, request: ImageRequest) -> Image:
    """Finds or builds the image: the same for whoever asks, even at once."""


class ResultReader(Protocol):
  def __call__(self, path: Path) -> Any:
    """Reads a verified result file, which stays as it is.

    The value outlives the file. One that is damaged raises.
    """


class Check(Protocol):
  def __call__(self) -> CheckResult:
    """Checks one thing that ``doctor`` reports."""


@runtime_checkable
class Preparing(Protocol):
  """What a backend may have besides: a look before anything is paid for."""

  def prepare(self, plan: Plan) -> None:
    """Raises what would keep the job from starting.

    Called while the call is packed, before anything is uploaded or built.
    """


@runtime_checkable
class Releasing(Protocol):
  """What a backend may have besides: jobs that end and keep their machines."""

  def release(self, handle: JobHandle) -> None:
    """Frees what a job holds that has ended; nothing held is fine.

    Called by whoever collects the job, however late that is.
    """


class Backend(Protocol):
  """Where jobs run; ``mixins`` has what most backends share.

  A handle may come from a store that others can write to: names derive from
  its ``job_id``, which is checked, and a handle found there has no
  ``settings``, so that ``context.place`` decides where to look.
  """

  def handle(self, submission: Submission) -> JobHandle:
    """Purely: the handle, whose names derive from the job id."""

  def render(self, submission: Submission) -> Sequence[Mapping[str, Any]]:
    """Purely: the objects that ``submit`` would create."""

  def submit(self, submission: Submission, handle: JobHandle) -> None:
    """Starts the job; a second call with the same handle starts nothing."""

  def status(self, handle: JobHandle) -> JobStatus:
    """The phase, with its dominant reason and remedy."""

  def watch(self, handle: JobHandle) -> Iterator[JobStatus]:
    """Each new status, ending with a terminal one.

    One that ends early is asked again.
    """

  def logs(
    self, handle: JobHandle, follow: bool = False, since: float | None = None
  ) -> Iterator[LogLine]:
    """Every worker's lines in order; ``since`` is seconds since the epoch."""

  def cancel(self, handle: JobHandle) -> None:
    """Stops the job; one that has ended stays as it is."""

  def delete(self, handle: JobHandle) -> None:
    """Removes what the backend holds of the job; nothing left is fine.

    What is in the store stays.
    """

  def key(self, handle: JobHandle) -> bytes | None:
    """The job's authentication key, or None where it cannot be read."""

  def list(self) -> Iterator[JobHandle]:
    """The jobs this backend knows of, newest first."""
