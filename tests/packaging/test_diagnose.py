"""What does not pickle is named down to the variable, with the way out."""

from __future__ import annotations

import errno
import functools
import socket
import sqlite3
import threading

import pytest

from keras_remote_core.builtin.packaging.diagnose import not_picklable
from keras_remote_core.builtin.packaging.payload import (
  attempt_in,
  pickle_call,
)
from keras_remote_core.errors import NotPicklable, PackagingError
from keras_remote_core.model import Call


@pytest.fixture
def said(tmp_path):
  def of(function, *args, **kwargs):
    with pytest.raises(NotPicklable) as caught:
      pickle_call(Call(function=function, args=args, kwargs=kwargs), tmp_path)
    return str(caught.value)

  return of


def script(source, **names):
  """A function as a script defines it, which travels by value."""
  names |= {"__name__": "__main__"}
  exec(source, names)
  return names["train"]


class Trainer:
  def __init__(self):
    self.layers = [{"cell": threading.Lock()}]

  def fit(self):
    """Uses the layers."""


class Slotted:
  __slots__ = ("empty", "held")

  def __init__(self):
    self.held = threading.Lock()


class Tidy:
  """Leaves its lock out, but not its socket."""

  def __init__(self, listening):
    self.lock = threading.Lock()
    self.listening = listening

  def __getstate__(self):
    return {"listening": self.listening}


class Stubborn:
  def __reduce__(self):
    raise RuntimeError("I stay {here}")


def train(config=None, *rest, **options):
  """Takes anything."""


def test_an_argument_is_named_by_its_parameter(said):
  text = said(train, {"a": 1, "lock": threading.Lock()})
  assert "train(..., config['lock']) does not pickle" in text
  assert "_thread.lock" in text
  assert "create it inside the function" in text


def test_arguments_beyond_the_named_ones_have_names_too(said):
  assert "rest[1] " not in said(train, 0, 1, threading.Lock(), 2)
  assert "rest[1])" in said(train, 0, 1, threading.Lock(), 2)
  assert "train(..., speed)" in said(train, speed=threading.Lock())


def test_one_bad_item_among_many_is_found(said):
  items: list = list(range(100_000))
  items[77_777] = [{threading.RLock()}]
  assert "an item of config[77777][0]" in said(train, items)


def test_a_key_is_told_from_its_value(said):
  assert "a key of config" in said(train, {threading.Lock(): 1})


def test_attributes_are_followed(said):
  assert "config.layers[0]['cell']" in said(train, Trainer())
  assert "config.held" in said(train, Slotted())


def test_a_bound_method_names_its_self(said):
  assert "self.layers[0]['cell'] of Trainer.fit" in said(Trainer().fit)


def test_what_an_object_leaves_out_is_not_blamed(said):
  with socket.socket() as listening:
    text = said(train, Tidy(listening))
  assert "config.listening" in text
  assert "pass the address" in text


def test_a_closure_variable_is_named(said):
  def make():
    client = {"session": threading.Lock()}

    def step():
      return client

    return step

  assert "closure variable 'client['session']' of step" in said(make())


def test_a_global_of_a_script_is_named(said):
  function = script(
    "def train():\n  return [client for _ in range(3)]", client=threading.Lock()
  )
  assert "global variable 'client' of train" in said(function)


def test_a_default_is_named(said):
  function = script("def train(a, *, b=lock): pass", lock=threading.Lock())
  assert "default of parameter 'b' of train" in said(function, 1)


def test_a_helper_of_a_script_is_followed(said):
  source = "def helper():\n  return client\ndef train():\n  return helper()"
  function = script(source, client=threading.Lock())
  assert "global variable 'client' of helper" in said(function)


def test_a_partial_names_what_it_holds(said):
  held = functools.partial(train, options=threading.Lock())
  assert "partial(train, ..., options)" in said(held)


def test_a_decorated_function_is_followed(said):
  lock = threading.Lock()

  def inner():
    return lock

  @functools.wraps(inner)
  def outer():
    return inner()

  assert "closure variable 'lock' of" in said(outer)


def test_a_class_of_a_script_is_followed(said):
  source = (
    "class A:\n  def f(self):\n    return lock\ndef train():\n  return A()"
  )
  function = script(source, lock=threading.Lock())
  assert "global variable 'lock' of A.f" in said(function)


def test_each_kind_of_thing_gets_its_own_advice(said, tmp_path):
  with open(tmp_path / "x", "wb") as file:
    assert "open the file inside" in said(train, file)
  assert "list(...)" in said(train, (n for n in range(3)))
  assert "connect inside" in said(train, sqlite3.connect(":memory:"))


def test_an_objects_own_refusal_is_quoted_as_it_is(said):
  assert "I stay {here}" in said(train, [Stubborn()])


def test_a_value_that_holds_itself_ends_the_search(said):
  knot: list = [threading.Lock()]
  knot.append(knot)
  assert "config[0]" in said(train, knot)


def test_a_value_too_deep_to_pickle_is_told(said):
  deep: list = []
  for _ in range(100_000):
    deep = [deep]
  assert "config" in said(train, deep)


def test_a_call_that_does_not_fit_is_still_diagnosed(said):
  def one(a):
    """Takes one."""

  assert "args[1]" in said(one, 1, threading.Lock())


def test_what_fails_only_as_a_whole_is_told_so(tmp_path):
  error = RuntimeError("no reason")
  told = not_picklable(Call(function=train), error, attempt_in(tmp_path))
  assert "the call does not pickle as a whole" in str(told)
  assert "no reason" in str(told)


def test_the_effort_is_bounded(tmp_path):
  attempts: list = []

  def attempt(value):
    attempts.append(None)
    return ValueError("never")

  config: list = []
  inner = config
  for _ in range(1000):
    inner.append([])
    inner = inner[0]
  not_picklable(Call(function=train, args=(config,)), ValueError(), attempt)
  assert len(attempts) <= 401


class FillsTheDisk:
  def __reduce__(self):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_not_blamed_on_the_value(tmp_path):
  call = Call(function=train, args=(FillsTheDisk(),))
  with pytest.raises(PackagingError, match="No space left") as caught:
    pickle_call(call, tmp_path)
  assert not isinstance(caught.value, NotPicklable)
