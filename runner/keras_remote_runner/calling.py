"""The call itself: from its files to the body of an outcome."""

from __future__ import annotations

import contextlib
import errno
import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from keras_remote_runner import container, exceptions, outcome, source

_REPR = 2000


def report(scratch: Path, call: Mapping[str, Any]) -> dict[str, Any]:
  """Lays out the source, calls the function and saves what came of it."""
  root = scratch / "source"
  try:
    source.enter(root, call["sys_path"], call["cwd"])
    # Stands in for the client where none is installed.
    sys.path.append(f"{sys.argv[0]}/in_job")
    # The function's own arguments came another way.
    sys.argv[1:] = []
    leaving = [_prelude(each) for each in call["prelude"]]
    value = _value(scratch)
  except BaseException as error:
    return exceptions.describe(error, root.resolve(), scratch / "exception")
  # Of several hosts, the first one's value is the job's.
  kept = value if call["host"] == 0 else None
  returned = _returned(kept, scratch / "result")
  _leave(leaving)
  return returned


def _prelude(entry: str) -> Any:
  module, _, name = entry.partition(":")
  return getattr(importlib.import_module(module), name)()


def _leave(entries: list[Any]) -> None:
  """Calls what entries of the prelude returned for the end, last one first."""
  for each in reversed(entries):
    if callable(each):
      # The function has returned, whatever becomes of what was set up for it.
      with contextlib.suppress(Exception):
        each()


def _value(scratch: Path) -> Any:
  function: Callable[..., Any] = container.load(scratch / "function")
  args, kwargs = container.load(scratch / "input")
  _become_main(inspect.unwrap(function))
  value = function(*args, **kwargs)
  return _run_async(value) if inspect.isawaitable(value) else value


def _become_main(function: Callable[..., Any]) -> None:
  """Makes what came by value from a script findable as ``__main__``.

  Forked workers of ``multiprocessing`` look functions up there by name.
  """
  if getattr(function, "__module__", None) == "__main__":
    names = getattr(function, "__globals__", {})
    main = sys.modules["__main__"].__dict__
    own = (key for key in names if not key.startswith("__"))
    main.update({key: names[key] for key in own})


def _run_async(value: Any) -> Any:
  import asyncio  # Costs more than all the rest here.

  return asyncio.run(_await(value))


async def _await(value: Any) -> Any:
  return await value


def _returned(value: Any, path: Path) -> dict[str, Any]:
  try:
    written = container.dump(value, path)
  except BaseException as error:
    return _unsaved(value, error)
  return {"kind": "returned", "artifact": written._asdict()}


def _unsaved(value: Any, error: BaseException) -> dict[str, Any]:
  if isinstance(error, OSError) and error.errno == errno.ENOSPC:
    return outcome.failed("DiskFull", f"no room to write the result: {error}")
  return outcome.failed(
    "ResultNotPicklable",
    f"the function returned a {type(value).__module__}."
    f"{type(value).__qualname__}, which does not pickle"
    f" ({type(error).__name__}: {exceptions.text(error)}); its repr was:"
    f" {_repr(value)}",
  )


def _repr(value: Any) -> str:
  try:
    return repr(value)[:_REPR]
  except BaseException as error:
    return f"<its repr() raised {type(error).__name__}>"
