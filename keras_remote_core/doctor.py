"""Runs the checks of all plugins at once, each within a limit."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import evolve, frozen

from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.model import CheckResult
from keras_remote_core.plugins import Plugin
from keras_remote_core.providers import Provider


@frozen(kw_only=True)
class OwnedCheck:
  """A check, and the name of the plugin it comes from."""

  plugin: str
  provider: Provider[Any]


@frozen(kw_only=True)
class Finding:
  """A check with what it found."""

  check: OwnedCheck
  result: CheckResult


def checks(plugins: Iterable[Plugin]) -> list[OwnedCheck]:
  """The checks of every plugin that can be used."""
  return [
    OwnedCheck(plugin=plugin.name, provider=provider)
    for plugin in plugins
    for provider in plugin.contributions.get("check", ())
  ]


def examine(asked: Iterable[OwnedCheck], limit: float) -> list[Finding]:
  """What each check found, in order; they run at once, on threads.

  One that raises, or takes longer than ``limit`` seconds, counts as failed.
  """
  running = [(check, _start(check)) for check in asked]
  deadline = time.monotonic() + limit
  return [
    Finding(check=check, result=_result(answer, deadline, limit))
    for check, answer in running
  ]


def fixed(findings: Sequence[Finding], limit: float) -> list[Finding]:
  """The findings after the failed checks' own fixes were applied."""
  return [_fixed(each, limit) for each in findings]


def _fixed(finding: Finding, limit: float) -> Finding:
  failed = finding.result
  if failed.ok or failed.fix is None:
    return finding
  try:
    failed.fix()
  except Exception as error:
    told = f"{failed.message}; its fix failed: {_failure(error).message}"
    return evolve(finding, result=evolve(failed, message=told))
  return examine([finding.check], limit)[0]


_Answer = queue.SimpleQueue[CheckResult]


def _start(check: OwnedCheck) -> _Answer:
  answer: _Answer = queue.SimpleQueue()
  # A daemon: one that hangs must not keep the process alive.
  threading.Thread(target=lambda: answer.put(_run(check)), daemon=True).start()
  return answer


def _run(check: OwnedCheck) -> CheckResult:
  try:
    result = check.provider.load()()
  except (Exception, SystemExit) as error:
    return _failure(error)
  if isinstance(result, CheckResult):
    return result
  kind = type(result).__name__
  return CheckResult(ok=False, message=f"it returned a {kind}, no CheckResult")


def _result(answer: _Answer, deadline: float, limit: float) -> CheckResult:
  try:
    return answer.get(timeout=max(0.0, deadline - time.monotonic()))
  except queue.Empty:
    told = f"it did not answer within {limit:g} s"
    return CheckResult(ok=False, message=told)


def _failure(error: BaseException) -> CheckResult:
  if isinstance(error, KerasRemoteError):
    return CheckResult(ok=False, message=error.message, remedy=error.remedy)
  told = f"{type(error).__name__}: {error}"
  return CheckResult(ok=False, message=told)
