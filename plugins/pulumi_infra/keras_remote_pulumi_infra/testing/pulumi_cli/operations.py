"""``up``, ``preview``, ``destroy`` and ``refresh``."""

from __future__ import annotations

import contextlib
import datetime
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from keras_remote_pulumi_infra.testing.pulumi_cli import event_log, steps
from keras_remote_pulumi_infra.testing.pulumi_cli.arguments import Arguments
from keras_remote_pulumi_infra.testing.pulumi_cli.backend import (
  Backend,
  State,
  fail,
  resources,
)
from keras_remote_pulumi_infra.testing.pulumi_cli.engine import Engine
from keras_remote_pulumi_infra.testing.pulumi_cli.event_log import Log
from keras_remote_pulumi_infra.testing.pulumi_cli.faults import Faults

_TIME = "%Y-%m-%dT%H:%M:%S.000Z"


def change(backend: Backend, faults: Faults, asked: Arguments) -> None:
  """``up`` and ``preview``: runs the program, and deletes what it left out."""
  # Which brings gRPC along.
  from keras_remote_pulumi_infra.testing.pulumi_cli import programs

  def work(engine: Engine) -> None:
    programs.run(engine, asked.options["--client"])
    if not engine.errors:
      engine.finish()

  _operate(backend, faults, asked, work)


def destroy(backend: Backend, faults: Faults, asked: Arguments) -> None:
  kept = asked.has("--exclude-protected")

  def work(engine: Engine) -> None:
    held = list(engine.old.values())
    keep = [each["urn"] for each in held if kept and each.get("protect")]
    for each in steps.removable(held, keep):
      if engine.errors or engine.stopping.is_set():
        return
      engine.delete(each)

  _operate(backend, faults, asked, work)


def refresh(backend: Backend, faults: Faults, asked: Arguments) -> None:
  """``refresh --preview-only``: tells what tests changed behind its back."""

  def work(engine: Engine) -> None:
    rules = faults.rules()
    for each in engine.old.values():
      drifted = rules.get("drift", {}).get(each["name"], "same")
      operation, _, changed = drifted.partition(":")
      diffs = [changed] if changed else []
      told = steps.metadata(operation, each, diffs)
      engine.log(resOutputsEvent={"metadata": told, "planning": True})

  _operate(backend, faults, asked, work)


def _operate(
  backend: Backend,
  faults: Faults,
  asked: Arguments,
  work: Callable[[Engine], None],
) -> None:
  planning = asked.words[0] == "preview" or asked.has("--preview-only")
  state = backend.load(asked.stack)
  lock = contextlib.nullcontext() if planning else backend.locked(asked.stack)
  with lock, event_log.opened(asked.options.get("--event-log")) as log:
    began = time.time()
    engine = _engine(backend, faults, asked.stack, state, log, planning)
    with _interruptible(engine) as interrupted:
      work(engine)
    if interrupted:
      engine.fail("update canceled")
    _conclude(backend, asked, state, engine, began)
  if engine.errors:
    verb = "preview" if planning else "update"
    sys.stdout.write("\n".join(engine.errors))
    fail(f"{verb} {'canceled' if interrupted else 'failed'}")


def _engine(
  backend: Backend,
  faults: Faults,
  stack: str,
  state: State,
  log: Log,
  planning: bool,
) -> Engine:
  def keep(held: list[State]) -> None:
    state["checkpoint"]["latest"]["resources"] = held
    backend.save(stack, state)

  return Engine(
    stack=stack,
    project=backend.project,
    old={each["urn"]: each for each in resources(state)},
    keep=keep,
    log=log,
    faults=faults,
    planning=planning,
  )


def _conclude(
  backend: Backend,
  asked: Arguments,
  state: State,
  engine: Engine,
  began: float,
) -> None:
  engine.log(
    summaryEvent={
      "maybeCorrupt": False,
      "durationSeconds": int(time.time() - began),
      "resourceChanges": engine.counts,
      "PolicyPacks": {},
    }
  )
  if not engine.planning:
    state["history"].append(_entry(asked.words[0], engine, began))
    engine.keep(engine.resources())


def _entry(kind: str, engine: Engine, began: float) -> dict[str, Any]:
  """A change as ``stack history`` has it."""
  return {
    "kind": "update" if kind == "up" else kind,
    "startTime": _stamp(began),
    "endTime": _stamp(time.time()),
    "message": "",
    "environment": {},
    "config": {},
    "result": "failed" if engine.errors else "succeeded",
    "resourceChanges": engine.counts,
  }


def _stamp(seconds: float) -> str:
  return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime(_TIME)


@contextlib.contextmanager
def _interruptible(engine: Engine) -> Iterator[list[bool]]:
  """Has SIGINT end the operation early; what is yielded is then not empty."""
  interrupted: list[bool] = []

  def stop(*_: object) -> None:
    interrupted.append(True)
    engine.stopping.set()

  before = signal.signal(signal.SIGINT, stop)
  try:
    yield interrupted
  finally:
    signal.signal(signal.SIGINT, before)
