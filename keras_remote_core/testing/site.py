"""A backend under test with everything around it, here and in a process beside.

Functions at the module's level run in other processes, which know a backend
only by its plan.
"""

from __future__ import annotations

import concurrent.futures
import datetime
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from attrs import evolve, frozen

from keras_remote_core import chosen, pipeline, reporting, wire
from keras_remote_core.chosen import Chosen
from keras_remote_core.job import Job
from keras_remote_core.model import Call, JobHandle, Plan, Submission
from keras_remote_core.registry import Registry
from keras_remote_core.testing import values
from keras_remote_core.testing.functions import detached
from keras_remote_runner import keys

T = TypeVar("T")

_SPAWN = multiprocessing.get_context("spawn")


@frozen
class Site:
  """Submits through the real pipeline; each job has a plan of its own."""

  plan: Plan
  made: Chosen

  @classmethod
  def of(cls, plan: Plan, workdir: Path) -> Site:
    """Loads a plan's providers, with its credentials."""
    return cls(plan, chosen.load(plan, workdir, reporting.Silent()))

  def fresh(self, **changes: Any) -> Plan:
    """The plan of one more job."""
    now = datetime.datetime.now(datetime.UTC)
    return evolve(self.plan, job_id=values.fresh_id(), created=now, **changes)

  def submit(
    self, function: Callable[..., Any], *args: Any, **changes: Any
  ) -> Job[Any]:
    """Starts a job; ``changes`` are to its plan."""
    return _submit(self.fresh(**changes), function, args)

  def unsubmitted(
    self, function: Callable[..., Any], *args: Any
  ) -> tuple[Submission, JobHandle]:
    """A staged submission that nobody has started, and its handle."""
    call = Call(function=detached(function), args=args)
    made = values.submission(call, self.fresh(), self.made.context)
    return made, self.made.backend.handle(made)

  def job(self, handle: JobHandle) -> Job[Any]:
    return Job(
      handle=handle,
      backend=self.made.backend,
      store=self.made.store,
      reader=chosen.make(self.plan.result_reader, self.made.context),
      registry=Registry(()),
    )

  def collect_elsewhere(self, name: str, seconds: float) -> Any:
    """What another process gets that only knows the job's id."""
    return _elsewhere(_collect, self.plan, name, seconds)

  def submit_and_die(
    self, function: Callable[..., Any], *args: Any, seconds: float
  ) -> str:
    """Has a client killed by SIGKILL right after it submitted."""
    plan = self.fresh()
    client = _SPAWN.Process(target=_die, args=(plan, function, args))
    client.start()
    client.join(seconds)
    assert client.exitcode == -signal.SIGKILL, f"exit code {client.exitcode}"
    return plan.job_id


def _submit(
  plan: Plan, function: Callable[..., Any], args: tuple[Any, ...]
) -> Job[Any]:
  call = Call(function=detached(function), args=args)
  return pipeline.submit(call, plan, Registry(()), reporting.Silent())


def _elsewhere(run: Callable[..., T], *args: Any) -> T:
  with concurrent.futures.ProcessPoolExecutor(1, _SPAWN) as pool:
    return pool.submit(run, *args).result()


def _collect(plan: Plan, job_id: str, seconds: float) -> tuple[Any, list[str]]:
  """The value and the log lines of a job that ends within some seconds."""
  with tempfile.TemporaryDirectory() as folder:
    site = Site.of(plan, Path(folder))
    data = site.made.store.read(keys.handle(job_id))
    job = site.job(wire.decode_handle(data))
    return job.result(seconds), [line.text for line in job.logs()]


def _die(
  plan: Plan, function: Callable[..., Any], args: tuple[Any, ...]
) -> NoReturn:
  _submit(plan, function, args)
  os.kill(os.getpid(), signal.SIGKILL)
  raise AssertionError("nothing survives SIGKILL")
