"""Exceptions come home: the same type, with the job's frames in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from keras_remote_core.errors import RemoteError
from keras_remote_core.model import JobHandle
from keras_remote_core.outcomes import Raised

_ORIGIN = "raised in job"


def local(error: object, outcome: Raised, handle: JobHandle) -> BaseException:
  """What to raise here for what the function raised there.

  Args:
    error: the unpickled exception, or None where there is none.
  """
  if not isinstance(error, Exception):
    return _stand_in(outcome, handle)
  frames = [_here(frame, handle) for frame in outcome.frames]
  try:
    here = all(Path(frame["file"]).is_file() for frame in frames)
    if outcome.chained or not here:
      # What led to it, and lines whose files are not here, only stand there.
      error.add_note(f"In the job:\n\n{outcome.traceback}")
    error.add_note(f"{_ORIGIN} {handle.job_id}")
  except Exception:
    # The exception's own notes or attributes do not let it.
    return _stand_in(outcome, handle)
  return error.with_traceback(_traceback(frames))


def came_home(error: BaseException) -> bool:
  """Says whether an exception was raised by a job's function."""
  notes = getattr(error, "__notes__", ())
  return any(str(note).startswith(_ORIGIN) for note in notes)


def _stand_in(outcome: Raised, handle: JobHandle) -> RemoteError:
  why = "it cannot be raised here as it was"
  if outcome.exits:
    why = "it would end this process too"
  elif outcome.unpicklable:
    why = f"it does not pickle: {outcome.unpicklable}"
  made = RemoteError(
    f"{outcome.type}: {outcome.message} (raised in job {handle.job_id}; {why})",
    type_name=outcome.type,
    traceback=outcome.traceback,
  )
  made.add_note(f"In the job:\n\n{outcome.traceback}")
  return made


def _here(frame: Mapping[str, Any], handle: JobHandle) -> Mapping[str, Any]:
  """A frame whose file is the one on this machine, where there is one."""
  if handle.root is None or not frame["shipped"]:
    return frame
  return {**frame, "file": str(Path(handle.root) / frame["file"])}


def _traceback(frames: Sequence[Mapping[str, Any]]) -> TracebackType | None:
  import tblib

  linked: dict[str, Any] | None = None
  for frame in reversed(frames):
    linked = _link(frame, linked)
  if linked is None:
    return None
  made: TracebackType = tblib.Traceback.from_dict(linked).as_traceback()
  return made


def _link(
  frame: Mapping[str, Any], following: dict[str, Any] | None
) -> dict[str, Any]:
  """One frame in the form that tblib reads."""
  return {
    "tb_frame": {
      "f_globals": {"__name__": frame["module"], "__file__": frame["file"]},
      "f_locals": {},
      "f_code": {"co_filename": frame["file"], "co_name": frame["name"]},
      "f_lineno": frame["line"],
    },
    "tb_lineno": frame["line"],
    "tb_next": following,
  }
