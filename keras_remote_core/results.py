"""From a verified outcome to a value here, or to the right error."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keras_remote_core import neighbours, places, remote_errors
from keras_remote_core.errors import (
  JobCancelled,
  JobFailed,
  JobTimeout,
  KerasRemoteError,
  ResultUnavailable,
  Tampered,
)
from keras_remote_core.model import JobHandle
from keras_remote_core.outcomes import (
  Artifact,
  Failed,
  Outcome,
  Raised,
  Returned,
)
from keras_remote_core.roles import ArtifactStore, ResultReader
from keras_remote_runner import keys, signing


def forget(job_id: str) -> None:
  """Removes a result that was kept because it could not be read."""
  (_home() / job_id).unlink(missing_ok=True)


def value(
  outcome: Outcome,
  handle: JobHandle,
  store: ArtifactStore,
  reader: ResultReader,
) -> Any:
  """Returns what the function returned, or raises what it raised.

  Raises:
    JobFailed: it neither returned nor raised; ``reason`` says why.
    ResultUnavailable: the value cannot be had here.
    Tampered: a file is not the one that was signed.
  """
  if isinstance(outcome, Returned):
    return _returned(outcome.artifact, handle, store, reader)
  if isinstance(outcome, Raised):
    error = _raised(outcome, handle, store, reader)
  else:
    error = _failure(outcome, handle, store)
  neighbours.add(error, neighbours.notes(store, handle, outcome.host))
  raise error


def _returned(
  artifact: Artifact,
  handle: JobHandle,
  store: ArtifactStore,
  reader: ResultReader,
) -> Any:
  with _fetched(artifact, store) as path:
    try:
      return reader(path)
    except Exception as error:
      raise _unreadable(path, handle, error) from error


def _raised(
  outcome: Raised,
  handle: JobHandle,
  store: ArtifactStore,
  reader: ResultReader,
) -> BaseException:
  error: Any = None
  if outcome.artifact and not outcome.exits:
    with (
      _fetched(outcome.artifact, store) as path,
      contextlib.suppress(Exception),
    ):
      error = reader(path)
  return remote_errors.local(error, outcome, handle)


def _failure(
  outcome: Failed, handle: JobHandle, store: ArtifactStore
) -> KerasRemoteError:
  if outcome.reason == "ResultNotPicklable":
    return ResultUnavailable(
      outcome.message,
      remedy="return plain data or arrays, or write files below"
      " os.environ['KERAS_REMOTE_OUTPUT_DIR']",
    )
  kind = JobTimeout if outcome.reason == "Timeout" else JobFailed
  message = outcome.message
  if outcome.reason == "Stopped" and store.exists(
    keys.cancelled(handle.job_id)
  ):
    kind, message = JobCancelled, "the job was cancelled"
  return kind(
    f"job {handle.job_id}: {message}",
    reason=outcome.reason,
    lines=outcome.lines,
    remedy=_remedy(outcome, handle),
  )


def _remedy(outcome: Failed, handle: JobHandle) -> str:
  known = {
    "Timeout": "raise timeout=, or checkpoint and continue",
    "PythonMismatch": "use an image with the same Python, or strict=False",
    "InstallFailed": "correct the requirements, then submit again",
    "DiskFull": "write less, or return less",
  }
  if outcome.remedy:
    return outcome.remedy
  return known.get(outcome.reason, f"keras-remote jobs logs {handle.job_id}")


@contextlib.contextmanager
def _fetched(artifact: Artifact, store: ArtifactStore) -> Iterator[Path]:
  """A private, verified copy, gone afterwards (an open map keeps it)."""
  home = _home()
  home.mkdir(parents=True, exist_ok=True, mode=0o700)
  # Not below /tmp, which may be memory.
  with tempfile.TemporaryDirectory(dir=home) as folder:
    path = Path(folder) / "result"
    try:
      store.get(artifact.key, path)
    except FileNotFoundError as error:
      raise ResultUnavailable(
        f"{artifact.key} is no longer in the store",
        remedy="run the function again",
      ) from error
    if signing.file_sha256(path) != artifact.sha256:
      raise Tampered(
        f"{artifact.key} is not the file that was signed; nothing of it was"
        " unpickled",
        remedy="find out who can write to the store, then run the function again",
      )
    yield path


def _unreadable(
  path: Path, handle: JobHandle, error: Exception
) -> ResultUnavailable:
  kept = _home() / handle.job_id
  shutil.move(path, kept)
  what, fix = f"cannot be read here ({type(error).__name__}: {error})", "try"
  if isinstance(error, ModuleNotFoundError):
    what = f"needs the module {error.name!r}, which is not installed here"
    fix = f"install {error.name}, then"
  return ResultUnavailable(
    f"the result of job {handle.job_id} {what}; the verified file is {kept}",
    path=str(kept),
    remedy=f"{fix} keras-remote jobs result {handle.job_id}",
  )


def _home() -> Path:
  return places.data_dir() / "results"
