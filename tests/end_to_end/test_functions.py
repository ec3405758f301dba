"""Every kind of function that can be decorated runs as a job."""

from __future__ import annotations

import functools
import os
import threading
from typing import Any

import pytest

import keras_remote
from keras_remote_core.errors import NotPicklable, UnsupportedFunction
from keras_remote_core.testing import detached

here = keras_remote.run(backend="local")


def test_a_lambda_runs_in_another_process(remote):
  assert remote(lambda offset: os.getpid() + offset)(0) != os.getpid()


def test_arguments_arrive_by_position_and_by_name(remote):
  def collect(first, *rest, named, default="d", **more):
    return first, rest, named, default, more

  got = remote(collect)(1, 2, 3, named="n", extra=[4])
  assert got == (1, (2, 3), "n", "d", {"extra": [4]})


def test_a_closure_takes_its_variables_along(remote):
  weights = {"a": [1, 2], "b": (3,)}

  def total(x):
    return x + sum(weights["a"]) + sum(weights["b"])

  assert remote(total)(10) == 16


def test_a_recursive_function_runs(remote):
  def factorial(n):
    return 1 if n == 0 else n * factorial(n - 1)

  assert remote(factorial)(10) == 3_628_800


def test_a_decorated_function_that_calls_itself_submits_nothing_more(stored):
  @here
  @detached
  def countdown(n):
    return [n, *countdown(n - 1)] if n else [0]

  assert countdown(3) == [3, 2, 1, 0]
  assert len(list((stored / "jobs").iterdir())) == 1


def test_decorated_functions_call_each_other_straight_through(stored):
  @here
  @detached
  def inner(x):
    return os.getpid(), x + 1

  @here
  @detached
  def outer(x):
    return os.getpid(), inner(x)

  pid, (inner_pid, value) = outer(1)
  assert (pid, value) == (inner_pid, 2)
  assert len(list((stored / "jobs").iterdir())) == 1


def test_submitting_from_within_a_job_says_what_to_do_instead():
  @here
  @detached
  def inner():
    return 1

  @here
  @detached
  def outer():
    return inner.submit()

  with pytest.raises(RuntimeError, match="call the function instead"):
    outer()


def test_a_method_takes_its_instance_along():
  class Model:
    def __init__(self, weight):
      self.weight = weight

    @here
    @detached
    def scale(self, x, *, by=1):
      return self.weight * x * by

  assert Model(3).scale(2, by=7) == 42
  assert Model(3).scale.submit(2).result() == 6


def test_class_and_static_methods_run_when_decorated_inside():
  class Model:
    @classmethod
    @here
    @detached
    def name(cls):
      return cls.__name__

    @staticmethod
    @here
    @detached
    def double(x):
      return 2 * x

  # mypy binds classes to functions only, not to other callables.
  assert Model.name() == "Model"  # type: ignore[call-arg]
  assert Model.double(21) == 42


def test_an_async_function_is_awaited_in_the_job(remote):
  async def slowly(x):
    import asyncio

    await asyncio.sleep(0)
    return x + 1

  assert remote(slowly)(1) == 2


def test_a_partial_runs_with_what_it_holds():
  def power(base, exponent):
    return base**exponent

  cube = functools.partial(detached(power), exponent=3)
  assert here(cube)(2) == 8


def test_a_callable_instance_runs(remote):
  class Adder:
    def __init__(self, n):
      self.n = n

    def __call__(self, x):
      return self.n + x

  del remote
  assert here(Adder(2))(40) == 42


def test_numpy_arguments_and_results_keep_their_dtype(remote):
  np = pytest.importorskip("numpy")
  array = np.arange(200_000, dtype="float32").reshape(400, 500)
  back = remote(lambda x: x.T * 2)(array)
  assert back.dtype == array.dtype
  np.testing.assert_array_equal(back, array.T * 2)


class Trainer:
  def __init__(self):
    self.name, self.lock = "trainer", threading.Lock()


TRAINER = Trainer()


@pytest.mark.parametrize(
  ("function", "args", "named"),
  [
    (lambda model: model.name, (threading.Lock(),), "(..., model) does not"),
    (lambda model: model.name, (Trainer(),), "model.lock) does not"),
    (lambda: TRAINER.name, (), "TRAINER.lock' of"),
  ],
)
def test_what_does_not_pickle_is_named_and_nothing_is_started(
  function, args, named, remote, stored
):
  with pytest.raises(NotPicklable) as caught:
    remote(function)(*args)
  assert named in caught.value.message
  assert "_thread.lock" in caught.value.message
  assert caught.value.remedy
  assert not (stored / "jobs").exists()


@pytest.mark.parametrize(
  ("wrap", "fix"),
  [
    (classmethod, "write @classmethod above @keras_remote.run"),
    (staticmethod, "write @staticmethod above @keras_remote.run"),
    (functools.lru_cache, "write @lru_cache above @keras_remote.run"),
    (functools.cache, "write @lru_cache above @keras_remote.run"),
  ],
)
def test_wrappers_in_the_wrong_order_are_refused_with_the_fix(wrap, fix):
  with pytest.raises(UnsupportedFunction) as caught:
    keras_remote.run(wrap(lambda: 1))
  assert caught.value.remedy == fix


def test_generators_classes_and_values_are_refused():
  def numbers():
    yield 1

  async def later():
    yield 1

  wrongs: list[Any] = [numbers, later, dict, 42, None]
  for wrong in wrongs:
    with pytest.raises(UnsupportedFunction, match="cannot decorate"):
      keras_remote.run(backend="local")(wrong)


def test_parentheses_make_no_difference(monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_BACKEND", "local")
  bare, called = keras_remote.run(detached(abs_of)), keras_remote.run()
  assert bare(-1) == called(detached(abs_of))(-1) == 1


def abs_of(x):
  return abs(x)


def test_the_wrapper_looks_like_the_function(remote):
  def train(steps: int) -> float:
    """Trains."""
    return float(steps)

  decorated = remote(train)
  assert decorated.__name__ == "train"
  assert decorated.__doc__ == "Trains."
  assert decorated.function(3) == 3.0
