"""Readiness probes: commands that say whether a container is of use yet."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from keras_remote_gke.testing.control.objects import Object


@frozen(kw_only=True)
class Probe:
  """A command that is asked again and again; times are in seconds."""

  command: Sequence[str]
  delay: float
  period: float
  timeout: float
  successes: int
  failures: int


def probe(container: Object) -> Probe | None:
  """A container's readiness probe; one that uses the network counts as none."""
  told = container.get("readinessProbe") or {}
  if "exec" not in told:
    return None
  return Probe(
    command=told["exec"]["command"],
    delay=told.get("initialDelaySeconds", 0),
    period=told.get("periodSeconds", 10),
    timeout=told.get("timeoutSeconds", 1),
    successes=told.get("successThreshold", 1),
    failures=told.get("failureThreshold", 3),
  )


class Prober:
  """Asks for as long as one run of a container lasts.

  Args:
    tell: hears whether the container is ready, whenever that changes.
  """

  def __init__(
    self, probe: Probe, env: Mapping[str, str], tell: Callable[[bool], None]
  ) -> None:
    self._probe, self._env, self._tell = probe, env, tell
    self._over, self._lock = threading.Event(), threading.Lock()
    self._process: subprocess.Popen[bytes] | None = None
    self._thread = threading.Thread(target=self._run, daemon=True)

  def start(self) -> None:
    self._thread.start()

  def stop(self) -> None:
    """Ends it, in the middle of a question if need be."""
    with self._lock:
      self._over.set()
      if self._process:
        self._process.kill()
    self._thread.join()

  def _run(self) -> None:
    ready, streak, last = False, 0, False
    wait = self._probe.delay
    while not self._over.wait(wait):
      answer = self._ask()
      streak, last = (streak + 1 if answer is last else 1), answer
      enough = self._probe.successes if answer else self._probe.failures
      if answer is not ready and streak >= enough and not self._over.is_set():
        ready = answer
        self._tell(ready)
      wait = self._probe.period

  def _ask(self) -> bool:
    process = self._started()
    if process is None:
      return False
    try:
      return process.wait(self._probe.timeout) == 0
    except subprocess.TimeoutExpired:
      process.kill()
      process.wait()
      return False

  def _started(self) -> subprocess.Popen[bytes] | None:
    """The command's process; None where there is no such command."""
    nothing = subprocess.DEVNULL
    with self._lock:
      if self._over.is_set():
        return None
      try:
        self._process = subprocess.Popen(
          self._probe.command,
          env=self._env,
          stdin=nothing,
          stdout=nothing,
          stderr=nothing,
        )
      except OSError:
        return None
      return self._process
