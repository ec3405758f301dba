"""The process that runs the function: the only one that unpickles anything.

It is told what to do by a JSON file, and says how it went on a socket whose
end also tells it that its supervisor is gone.
"""

from __future__ import annotations

import errno
import importlib
import inspect
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from keras_remote_runner import container, exceptions, outcome, source

_REPR = 2000


def main(scratch: Path, control: int) -> int:
  """Runs the call described in ``scratch/call.json``; returns an exit code."""
  channel = socket.socket(fileno=control)
  channel.set_inheritable(False)
  _die_with_supervisor(channel)
  report = _report(scratch, json.loads((scratch / "call.json").read_bytes()))
  _flush()
  channel.sendall(json.dumps(report).encode() + b"\n")
  _leave(outcome.exit_code(report))
  return outcome.exit_code(report)


def _report(scratch: Path, call: Mapping[str, Any]) -> dict[str, Any]:
  root = scratch / "source"
  try:
    source.enter(root, call["sys_path"], call["cwd"])
    # Stands in for the client where none is installed.
    sys.path.append(f"{sys.argv[0]}/in_job")
    _prelude(call["prelude"])
    value = _call(scratch)
  except BaseException as error:
    return exceptions.describe(error, root.resolve(), scratch / "exception")
  return _returned(value, scratch / "result")


def _prelude(entries: list[str]) -> None:
  for entry in entries:
    module, _, name = entry.partition(":")
    getattr(importlib.import_module(module), name)()


def _call(scratch: Path) -> Any:
  function: Callable[..., Any] = container.load(scratch / "function")
  args, kwargs = container.load(scratch / "input")
  value = function(*args, **kwargs)
  return _run_async(value) if inspect.isawaitable(value) else value


def _run_async(value: Any) -> Any:
  import asyncio  # Costs more than all the rest here.

  return asyncio.run(_await(value))


async def _await(value: Any) -> Any:
  return await value


def _returned(value: Any, path: Path) -> dict[str, Any]:
  try:
    written = container.dump(value, path)
  except Exception as error:
    return _unsaved(value, error)
  return {"kind": "returned", "artifact": written._asdict()}


def _unsaved(value: Any, error: Exception) -> dict[str, Any]:
  if isinstance(error, OSError) and error.errno == errno.ENOSPC:
    return outcome.failed("DiskFull", f"no room to write the result: {error}")
  return outcome.failed(
    "ResultNotPicklable",
    f"the function returned a {type(value).__module__}."
    f"{type(value).__qualname__}, which does not pickle"
    f" ({type(error).__name__}: {error}); its repr was: {_repr(value)}",
  )


def _repr(value: Any) -> str:
  try:
    return repr(value)[:_REPR]
  except Exception as error:
    return f"<its repr() raised {type(error).__name__}>"


def _die_with_supervisor(channel: socket.socket) -> None:
  """Ends this whole process group when the supervisor's end closes."""

  def wait() -> None:
    if not channel.recv(1):
      os.killpg(0, signal.SIGKILL)

  threading.Thread(target=wait, daemon=True).start()


def _leave(code: int) -> None:
  """Ends at once where threads would keep the process from ending."""
  left = [
    thread.name
    for thread in threading.enumerate()
    if not thread.daemon and thread is not threading.main_thread()
  ]
  if left:
    sys.stderr.write(
      f"keras-remote: the function left {len(left)} thread(s) running"
      f" ({', '.join(left)}); they end with the job\n"
    )
    _flush()
    os._exit(code)


def _flush() -> None:
  for stream in (sys.stdout, sys.stderr):
    try:
      stream.flush()
    except (OSError, ValueError):
      continue
