"""The Pulumi CLI as a process that can be asked to stop.

Pulumi's own class is imported here, so whoever imports this pays for it.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from pulumi.automation import CommandResult, OnOutput, PulumiCommand
from pulumi.automation.errors import create_command_error


class Command(PulumiCommand):
  """Runs Pulumi in a session of its own, so that one Ctrl-C is one.

  On a terminal every process gets it, and Pulumi takes a second one for leave
  to drop everything; here it gets exactly those that are passed on.
  """

  _process: subprocess.Popen[str] | None = None

  def interrupt(self) -> None:
    """Asks Pulumi to finish what it is at and to start nothing else."""
    if self._process is not None and self._process.poll() is None:
      self._process.send_signal(signal.SIGINT)

  def run(
    self,
    args: list[str],
    cwd: str,
    additional_env: Mapping[str, str],
    on_output: OnOutput | None = None,
    on_error: OnOutput | None = None,
  ) -> CommandResult:
    with (
      self._started(args, cwd, additional_env) as process,
      ThreadPoolExecutor(2) as readers,
    ):
      out = readers.submit(_lines, process.stdout, on_output)
      errors = readers.submit(_lines, process.stderr, on_error)
    result = CommandResult(out.result(), errors.result(), process.returncode)
    if result.code:
      raise create_command_error(result)
    return result

  def _started(
    self, args: list[str], cwd: str, environ: Mapping[str, str]
  ) -> subprocess.Popen[str]:
    self._process = subprocess.Popen(
      [self.command, "--non-interactive", *args],
      stdin=subprocess.DEVNULL,
      stdout=subprocess.PIPE,
      stderr=subprocess.PIPE,
      cwd=cwd,
      env={**os.environ, **environ, **self._beside()},
      encoding="utf-8",
      errors="replace",
      start_new_session=True,
    )
    return self._process

  def _beside(self) -> dict[str, str]:
    """Has Pulumi find its own plugins before others of the same names."""
    folder = Path(self.command).parent
    path = os.environ.get("PATH", os.defpath)
    if folder.is_absolute():
      path = os.pathsep.join((str(folder), path))
    return {"PATH": path, "PULUMI_AUTOMATION_API": "true"}


def _lines(stream: IO[str] | None, callback: OnOutput | None) -> str:
  """All that a stream has, line by line to whoever listens."""
  assert stream is not None
  kept = []
  for line in stream:
    kept.append(line.rstrip())
    if callback:
      callback(kept[-1])
  return "\n".join(kept)
