"""An update: what a program registers becomes the stack's new state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from attrs import define, field

from keras_remote_pulumi_infra.testing.pulumi_cli import computed, steps
from keras_remote_pulumi_infra.testing.pulumi_cli.event_log import Log
from keras_remote_pulumi_infra.testing.pulumi_cli.faults import Faults
from keras_remote_pulumi_infra.testing.pulumi_cli.steps import Resource

_POLL = 0.02


class Stopped(Exception):
  """Nothing new is begun any more."""


@define(kw_only=True)
class Engine:
  """What one operation has done so far; safe among threads.

  Args:
    old: the resources there were, by URN.
    keep: writes down the resources there are now.
    planning: whether this is a preview.
  """

  stack: str
  project: str
  old: Mapping[str, Resource]
  keep: Callable[[list[Resource]], None]
  log: Log
  faults: Faults
  planning: bool
  seen: dict[str, Resource] = field(factory=dict)
  counts: dict[str, int] = field(factory=dict)
  errors: list[str] = field(factory=list)
  stopping: threading.Event = field(factory=threading.Event)
  _lock: threading.RLock = field(factory=threading.RLock)

  def register(self, made: Resource) -> Resource:
    """The resource as it is afterwards.

    Raises:
      Stopped: it could not be made, or something else went wrong before.
    """
    if self.stopping.is_set():
      raise Stopped
    before = self.old.get(made["urn"])
    operation = steps.operation(before, made["inputs"])
    diffs = steps.changed(before["inputs"], made["inputs"]) if before else []
    self._tell("resourcePreEvent", operation, made, diffs)
    if operation != "same":
      self._wait(made["name"])
      self._refuse(operation, made)
    done = self._outcome(made, before, operation)
    with self._lock:
      self.seen[made["urn"]] = done
      self._done(operation, done, diffs)
    return done

  def finish(self) -> None:
    """Deletes what was not registered; what protects itself is an error."""
    gone = [
      each
      for each in reversed(list(self.old.values()))
      if each["urn"] not in self.seen
    ]
    for each in gone:
      if self.errors or self.stopping.is_set():
        break
      self.delete(each)

  def delete(self, gone: Resource) -> None:
    if gone.get("protect"):
      self.fail(
        f'Unable to delete resource "{gone["urn"]}" as it is currently marked'
        " for protection. To unprotect the resource, either remove the"
        " `protect` flag from the resource in your Pulumi program and run"
        " `pulumi up`, or use the command: `pulumi state unprotect`",
        gone,
      )
      return
    self._tell("resourcePreEvent", "delete", gone)
    self._wait(gone["name"])
    refusal = self.faults.failure(gone["type"], gone["name"])
    if refusal and not self.planning:
      self._failed("delete", gone, refusal)
      return
    with self._lock:
      self.seen[gone["urn"]] = {}
      self._done("delete", gone)

  def fail(self, message: str, about: Resource | None = None) -> None:
    """Notes an error, and tells of it with Pulumi's own colours."""
    self.errors.append(message)
    self.stopping.set()
    self.log(
      diagnosticEvent={
        "urn": about["urn"] if about else "",
        "prefix": "<{%fg 1%}>error: <{%reset%}>",
        "message": f"<{{%reset%}}>{message}<{{%reset%}}>\n",
        "color": "raw",
        "severity": "error",
      }
    )

  def resources(self) -> list[Resource]:
    """All that there is now: the old, as far as it stands, and the new."""
    merged = {**self.old, **self.seen}
    return [each for each in merged.values() if each]

  def _outcome(
    self, made: Resource, before: Resource | None, operation: str
  ) -> Resource:
    if not made["custom"]:
      return made
    if operation == "same" and before is not None:
      return {**made, "id": before["id"], "outputs": before["outputs"]}
    if self.planning and before is None:
      return {**made, "outputs": made["inputs"]}
    identity = before["id"] if before else f"{made['name']}-id"
    outputs = computed.outputs(made["type"], made["name"], made["inputs"])
    return {**made, "id": identity, "outputs": outputs}

  def _refuse(self, operation: str, made: Resource) -> None:
    refusal = self.faults.failure(made["type"], made["name"])
    if refusal and not self.planning:
      self._failed(operation, made, refusal)
      raise Stopped

  def _failed(self, operation: str, about: Resource, message: str) -> None:
    self.fail(message, about)
    told = steps.metadata(operation, about)
    self.log(resOpFailedEvent={"metadata": told, "status": 0, "steps": 0})

  def _wait(self, name: str) -> None:
    """Takes as long as a test wants; an interrupted one comes to its end."""
    if self.planning:
      return
    while self.faults.holds(name) and not self.stopping.is_set():
      time.sleep(_POLL)

  def _done(
    self, operation: str, about: Resource, diffs: Collection[str] = ()
  ) -> None:
    self.counts[operation] = self.counts.get(operation, 0) + 1
    if not self.planning:
      self.keep(self.resources())
    self._tell("resOutputsEvent", operation, about, diffs)

  def _tell(
    self,
    event: str,
    operation: str,
    about: Resource,
    diffs: Collection[str] = (),
  ) -> None:
    told: Any = steps.metadata(operation, about, diffs)
    self.log(**{event: {"metadata": told, "planning": self.planning}})
