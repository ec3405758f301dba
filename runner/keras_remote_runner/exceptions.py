"""An exception as plain data, so that it can be shown before it is trusted."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from keras_remote_runner import container

_FRAMES = 200
_LONGEST = 64 << 10


def describe(error: BaseException, root: Path, target: Path) -> dict[str, Any]:
  """The body of a ``raised`` outcome; pickles the exception to ``target``.

  Frames of shipped files carry paths relative to the source root. Long texts
  lose their middle. An exception that does not pickle leaves ``artifact`` None.
  """
  trace = _users(error.__traceback__)
  return {
    "kind": "raised",
    "type": _type_name(type(error)),
    "message": text(error),
    "exits": not isinstance(error, Exception),
    "frames": _frames(trace, root),
    "traceback": _formatted(error, trace),
    "chained": _chained(error),
    **_pickled(error, target),
  }


def _type_name(cls: type[BaseException]) -> str:
  if cls.__module__ == "builtins":
    return cls.__qualname__
  return f"{cls.__module__}.{cls.__qualname__}"


def text(error: BaseException) -> str:
  """An exception's message, whatever its ``__str__`` does."""
  try:
    return _shortened(str(error))
  except BaseException as broken:
    return f"<its str() raised {type(broken).__name__}>"


def _formatted(error: BaseException, trace: TracebackType | None) -> str:
  try:
    lines = traceback.format_exception(type(error), error, trace)
  except BaseException:
    lines = [*traceback.format_tb(trace), f"{_type_name(type(error))}\n"]
  return _shortened("".join(lines))


def _shortened(text: str) -> str:
  # Lone surrogates would not reach the store.
  text = text.encode("utf-8", "backslashreplace").decode()
  if len(text) <= _LONGEST:
    return text
  half = _LONGEST // 2
  return f"{text[:half]}\n… {len(text) - 2 * half} characters …\n{text[-half:]}"


def _users(trace: TracebackType | None) -> TracebackType | None:
  """The traceback without the runner's own frames at its start."""
  while trace and trace.tb_frame.f_globals.get("__package__") == __package__:
    trace = trace.tb_next
  return trace


def _frames(trace: TracebackType | None, root: Path) -> list[dict[str, Any]]:
  walked = list(traceback.walk_tb(trace))[-_FRAMES:]
  return [_frame(frame, line, root) for frame, line in walked]


def _frame(frame: FrameType, line: int, root: Path) -> dict[str, Any]:
  path = Path(frame.f_code.co_filename)
  shipped = path.is_relative_to(root)
  return {
    "file": str(path.relative_to(root) if shipped else path),
    "shipped": shipped,
    "name": frame.f_code.co_name,
    "line": line,
    "module": str(frame.f_globals.get("__name__", "")),
  }


def _chained(error: BaseException) -> bool:
  """Whether it tells of another one, which does not travel with it."""
  hidden = error.__suppress_context__ or error.__context__ is None
  return error.__cause__ is not None or not hidden


def _pickled(error: BaseException, target: Path) -> dict[str, Any]:
  """The exception as an artifact, or why there is none."""
  try:
    written = container.dump(error, target)
    container.load(target)
  except BaseException as broken:
    why = f"{type(broken).__name__}: {text(broken)}"
    return {"artifact": None, "unpicklable": why}
  return {"artifact": written._asdict(), "unpicklable": None}
