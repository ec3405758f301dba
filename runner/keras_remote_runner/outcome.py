"""The signed last word of a host: returned, raised or failed.

Building and judging are pure; writing is the supervisor's.
"""

from __future__ import annotations

import dataclasses
import signal
from collections.abc import Mapping
from typing import Any

SCHEMA = 1

_RETRIED = frozenset(
  {"Killed", "Stopped", "Exited", "RunnerFailed", "StoreFailed"}
)

RETURNED, RAISED, REFUSED, FAILED, STOPPED = 0, 42, 43, 70, 143
"""What the runner exits with; after ``REFUSED`` another attempt cannot help."""


@dataclasses.dataclass(frozen=True)
class Identity:
  """Which run of which job an outcome speaks of."""

  job: str
  task: int
  attempt: int
  host: int


@dataclasses.dataclass(frozen=True)
class Ending:
  """How the function's process ended.

  Args:
    report: what the process said of itself, or None.
    code: its exit status; negative: the signal that killed it.
    stop: why the supervisor stopped it: ``Timeout``, ``Stopped`` or None.
    timeout: the limit in seconds.
  """

  report: Mapping[str, Any] | None
  code: int
  stop: str | None = None
  timeout: float | None = None


def document(
  identity: Identity, body: Mapping[str, Any], *, started: float, ended: float
) -> dict[str, Any]:
  """An outcome before it is signed; times are seconds since the epoch."""
  return {
    "schema": SCHEMA,
    **dataclasses.asdict(identity),
    "started": started,
    "ended": ended,
    **body,
  }


def failed(
  reason: str, message: str, lines: tuple[str, ...] = ()
) -> dict[str, Any]:
  """The body of an outcome that neither returned nor raised."""
  return {
    "kind": "failed",
    "reason": reason,
    "message": message,
    "lines": list(lines),
  }


def stopped() -> dict[str, Any]:
  """The body of an outcome of a job that SIGTERM ended."""
  return failed("Stopped", "the job was told to stop (SIGTERM)")


def judge(ending: Ending, lines: tuple[str, ...]) -> dict[str, Any]:
  """The body of an outcome, from how the function's process ended.

  A function that returned or raised did so, even when a stop came meanwhile;
  one that only left (SystemExit, KeyboardInterrupt) did what it was told.
  """
  report = ending.report
  if report is not None and not (ending.stop and report.get("exits")):
    return dict(report)
  if ending.stop == "Timeout":
    message = f"the function ran past its limit of {ending.timeout:g} s"
    return failed("Timeout", message, lines)
  if ending.stop is not None:
    return {**stopped(), "lines": list(lines)}
  if ending.code < 0:
    return failed("Killed", _killed(-ending.code), lines)
  message = f"the process exited with status {ending.code} without returning"
  return failed("Exited", message, lines)


def final(body: Mapping[str, Any], attempts: int) -> bool:
  """Whether no further attempt may follow this one.

  Another attempt helps against what befell the machine, not against what the
  function or its submission did.
  """
  if body["kind"] != "failed" or body["reason"] not in _RETRIED:
    return True
  return int(body["attempt"]) + 1 >= attempts


def exit_code(body: Mapping[str, Any]) -> int:
  """What the runner exits with for an outcome."""
  if body["kind"] != "failed":
    return RETURNED if body["kind"] == "returned" else RAISED
  if body["reason"] == "Stopped":
    return STOPPED
  return FAILED if body["reason"] in _RETRIED else REFUSED


def _killed(number: int) -> str:
  try:
    name = signal.Signals(number).name
  except ValueError:
    name = f"signal {number}"
  hint = {
    "SIGKILL": "; often the machine ran out of memory",
    "SIGSEGV": ": native code read memory that is not its own",
    "SIGABRT": ": native code gave up",
  }.get(name, "")
  return f"the function's process was killed by {name}{hint}"
