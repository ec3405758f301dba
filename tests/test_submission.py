"""What a backend is told of a job."""

from __future__ import annotations

from attrs import evolve

from keras_remote_core import testing
from keras_remote_core.model import Call
from keras_remote_core.reporting import Silent
from keras_remote_core.roles import Context
from keras_remote_core.testing import MemoryStore, functions, values


def test_a_backend_sees_the_lines_the_job_will_have(tmp_path, monkeypatch):
  monkeypatch.chdir(tmp_path)
  plan = testing.plan(backend="local", requirements=("jax==0.9.2",))
  plan = evolve(plan, backend_requirements=("jax", "pathwaysutils>=0.1"))
  context = Context(
    store_url=plan.store.url,
    workdir=tmp_path,
    report=Silent(),
    store=MemoryStore(),
  )
  call = Call(function=functions.detached(functions.add), args=(1,))
  submission = values.submission(call, plan, context)
  assert submission.requirements == ("jax==0.9.2", "pathwaysutils>=0.1")
