"""Inside a job a decorated function is just the function."""

from __future__ import annotations

import inspect
import pickle

import pytest

from keras_remote_runner import inside


def plain(x, *, y=1):
  """Adds."""
  return x + y


class Model:
  def __init__(self, weight):
    self.weight = weight

  @inside.run(accelerator="v6e-8")
  def scale(self, x):
    return self.weight * x


@pytest.mark.parametrize(
  "decorated", [inside.run(plain), inside.run(accelerator="v6e-8")(plain)]
)
def test_it_is_called_straight_through(decorated):
  assert decorated(1, y=2) == 3
  assert decorated.__doc__ == "Adds."
  assert inspect.signature(decorated) == inspect.signature(plain)


def test_methods_are_bound():
  assert Model(3).scale(2) == 6
  assert Model.scale(Model(3), 2) == 6


@pytest.mark.parametrize("verb", ["submit", "plan"])
def test_what_makes_no_sense_there_says_what_does(verb):
  with pytest.raises(RuntimeError, match="call the function instead"):
    getattr(inside.run(plain), verb)(1)


def test_it_pickles_with_its_function():
  again = pickle.loads(pickle.dumps(inside.Direct(plain)))
  assert again(1) == 2


@pytest.mark.parametrize(("job", "answer"), [("a-job", True), (None, False)])
def test_code_can_ask_where_it_is(monkeypatch, job, answer):
  if job:
    monkeypatch.setenv("KERAS_REMOTE_JOB_ID", job)
  assert inside.in_job() is answer
