"""One attempt of one host: from its artifacts to the body of its outcome."""

from __future__ import annotations

import concurrent.futures
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from keras_remote_runner import (
  environment,
  handover,
  keys,
  outcome,
  signing,
  source,
  stopping,
)
from keras_remote_runner.keeping import OUTPUTS
from keras_remote_runner.logs import Pump
from keras_remote_runner.manifest import Artifact, Manifest
from keras_remote_runner.process import Child
from keras_remote_runner.stopping import Stopped
from keras_remote_runner.stores import Store

ENVIRONMENTS = "KERAS_REMOTE_ENVIRONMENTS"
"""Names a folder that keeps installed environments between jobs."""

_DRAIN, _DRAIN_AFTER_REPORT = 5.0, 1.0


class Refused(Exception):
  """The job cannot run; ``reason`` goes into the outcome."""

  def __init__(self, reason: str, message: str) -> None:
    super().__init__(message)
    self.reason = reason


class Attempt:
  """Runs the function of a manifest in ``scratch``, an empty folder.

  Args:
    number: how many attempts there were before.
    host: which host of the job this is.
  """

  def __init__(
    self,
    manifest: Manifest,
    task: int,
    number: int,
    host: int,
    scratch: Path,
    store: Store,
    pump: Pump,
  ) -> None:
    self._manifest, self._task, self._number = manifest, task, number
    self._host = host
    self._scratch, self._store, self._pump = scratch, store, pump

  def body(self) -> dict[str, Any]:
    """Runs to the end, whatever it is, and says how it went."""
    try:
      self._check_python()
      self._fetch()
      return self._function(self._interpreter())
    except Stopped:
      return outcome.stopped()
    except Refused as refused:
      stopping.ignore()
      self._pump.drain()
      lines = self._pump.tail()
      return outcome.failed(refused.reason, str(refused), lines)
    except Exception:
      return outcome.failed("RunnerFailed", traceback.format_exc())

  def _check_python(self) -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    asked = self._manifest.python
    if self._manifest.by_value and self._manifest.strict and here != asked:
      raise Refused(
        "PythonMismatch",
        f"the function's code was packed by Python {asked}, and the job has"
        f" Python {here}",
      )

  def _fetch(self) -> None:
    """Brings every artifact here, verified, and lays out the source."""
    wanted = {
      "function": self._manifest.function,
      "input": self._manifest.inputs[self._task],
    }
    if self._manifest.source:
      wanted["archive"] = self._manifest.source
    with concurrent.futures.ThreadPoolExecutor(len(wanted)) as pool:
      list(pool.map(self._artifact, wanted, wanted.values()))
    (self._scratch / "source").mkdir()
    (self._scratch / OUTPUTS).mkdir()
    if self._manifest.source:
      source.unpack(self._scratch / "archive", self._scratch / "source")

  def _artifact(self, name: str, artifact: Artifact) -> None:
    key, path = keys.blob(artifact.sha256), self._scratch / name
    try:
      self._store.get(key, path)
    except FileNotFoundError:
      message = f"{key} ({name}) is not in the store"
      raise Refused("ArtifactMissing", message) from None
    if signing.file_sha256(path) != artifact.sha256:
      raise Refused("Tampered", f"{key} ({name}) is not what was staged")

  def _interpreter(self) -> str:
    kept = os.environ.get(ENVIRONMENTS)
    return environment.interpreter(
      self._manifest.install,
      self._manifest.requirements,
      Path(kept) if kept else self._scratch / "environments",
      self._command,
    )

  def _command(self, command: Sequence[str]) -> None:
    self._pump.say(" ".join(command))
    child = self._start(command, os.environ)
    if self._see_through(child, None):
      raise Stopped
    if child.code:
      name = Path(command[0]).name
      raise Refused("InstallFailed", f"{name} exited with {child.code}")

  def _function(self, python: str) -> dict[str, Any]:
    call = {
      "sys_path": self._manifest.sys_path,
      "cwd": self._manifest.cwd,
      "prelude": self._manifest.prelude,
      "host": self._host,
    }
    handover.write(call, self._scratch / handover.CALL)
    arguments = ["child", str(self._scratch), Child.CONTROL]
    child = self._start([python, sys.argv[0], *arguments], self._environ())
    limit = self._manifest.timeout
    stop = self._see_through(child, limit)
    # Whatever the function came to is told, even if a stop comes now.
    stopping.ignore()
    report = handover.read(self._scratch / handover.REPORT)
    # The last lines may still be on their way.
    self._pump.drain(_DRAIN if report is None else _DRAIN_AFTER_REPORT)
    ending = outcome.Ending(report, child.code or 0, stop, limit)
    return outcome.judge(ending, self._pump.tail())

  def _environ(self) -> dict[str, str]:
    return {
      **os.environ,
      "PYTHONUNBUFFERED": "1",
      **self._manifest.env,
      "KERAS_REMOTE_ATTEMPT": str(self._number),
      "KERAS_REMOTE_JOB_ID": self._manifest.job,
      "KERAS_REMOTE_OUTPUT_DIR": str(self._scratch / OUTPUTS),
    }

  def _start(self, command: Sequence[str], env: Mapping[str, str]) -> Child:
    reading, writing = os.pipe()
    try:
      return Child(command, env=env, cwd=self._scratch, output=writing)
    finally:
      os.close(writing)
      self._pump.attach(reading)

  def _see_through(self, child: Child, timeout: float | None) -> str | None:
    """Waits for a child's end; returns why it was stopped, if it was."""
    try:
      stop = None if child.wait(timeout) else "Timeout"
    except Stopped:
      stop = "Stopped"
    if child.code is None:
      child.end()
    child.sweep()
    return stop
