"""Hears what Pulumi's engine tells, while it tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from keras_remote_pulumi_infra import events
from keras_remote_pulumi_infra.events import Diagnostic
from keras_remote_pulumi_infra.progress import Line

if TYPE_CHECKING:
  from pulumi.automation.events import EngineEvent


class Listener(Protocol):
  """Whoever shows what goes on; called from other threads, one at a time."""

  def begun(self, line: Line) -> None:
    """Something is being done."""

  def done(self, line: Line) -> None:
    """It is done, or needed nothing."""

  def failed(self, line: Line) -> None:
    """It could not be done."""


class Watch:
  """Turns events into lines, and keeps lines and errors.

  Attributes:
    interrupted: whether the caller asked for an early end.
  """

  def __init__(self, listener: Listener | None = None) -> None:
    self.lines: list[Line] = []
    self.diagnostics: list[Diagnostic] = []
    self.interrupted = False
    self._listener = listener

  def hear(self, event: EngineEvent) -> None:
    found = events.diagnostic(event)
    if found is not None:
      self.diagnostics.append(found)
    if event.resource_pre_event is not None:
      self._tell("begun", events.line(event.resource_pre_event.metadata))
    if event.res_outputs_event is not None:
      made = events.line(event.res_outputs_event.metadata)
      self.lines += [made] if made else []
      self._tell("done", made)
    if event.res_op_failed_event is not None:
      self._tell("failed", events.line(event.res_op_failed_event.metadata))

  def _tell(self, what: str, line: Line | None) -> None:
    if self._listener is not None and line is not None:
      getattr(self._listener, what)(line)
