"""What a backend prepares in the job, before the user's code is looked at."""

from __future__ import annotations

import pytest
from attrs import evolve

import keras_remote
from keras_remote_core import calling, pipeline, registry, reporting
from keras_remote_core.model import Call
from keras_remote_core.testing import detached


@pytest.fixture
def called():
  """Submits a call whose backend asked for a prelude."""

  def submit(function, prelude):
    remote = keras_remote.run(detached(function))
    plan = evolve(calling.plan(remote, {}), prelude=prelude)
    call = Call(function=remote)
    return pipeline.submit(call, plan, registry.installed(), reporting.Silent())

  return submit


@pytest.fixture
def prepare(script):
  script(
    """
    import sys

    sys.prepared = []

    def once():
      sys.prepared.append("once")

    def fail():
      raise RuntimeError("no accelerator answers")
    """,
    "prepare.py",
  )


def test_it_runs_in_order_before_anything_is_unpickled(
  called, prepare, python, script
):
  script(
    """
    from attrs import evolve

    import keras_remote
    from keras_remote_core import calling, pipeline, registry, reporting
    from keras_remote_core.model import Call

    class Payload:
      def __setstate__(self, state):
        import sys
        self.seen = list(sys.prepared)

      def __getstate__(self):
        return {"some": "state"}

    @keras_remote.run
    def look(payload):
      return payload.seen

    plan = evolve(calling.plan(look, {}), prelude=("prepare:once",) * 2)
    call = Call(function=look, args=(Payload(),))
    job = pipeline.submit(call, plan, registry.installed(), reporting.Silent())
    print(job.result())
    """
  )
  assert python("script.py").stdout == "['once', 'once']\n"


def test_one_that_fails_is_raised_and_the_function_does_not_run(
  called, prepare, tmp_path
):
  mark = tmp_path / "ran"

  def leave_a_mark():
    mark.touch()

  job = called(leave_a_mark, ("prepare:fail",))
  with pytest.raises(RuntimeError, match="no accelerator answers"):
    job.result()
  assert not mark.exists()


def test_what_an_entry_returns_is_called_once_the_function_has_returned(
  called, script, tmp_path
):
  left = tmp_path / "left"
  script(
    f"""
    import pathlib

    def set_up():
      return pathlib.Path({str(left)!r}).touch
    """,
    "prepare.py",
  )

  def look():
    return left.exists()

  assert called(look, ("prepare:set_up",)).result() is False
  assert left.exists()
