"""What a payload will import is known before it is sent."""

from __future__ import annotations

import collections
import decimal
import enum
import io
import os.path
import pickle

import cloudpickle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.builtin.packaging.lint import references


def of(value, protocol=5):
  data = cloudpickle.dumps(value, protocol=protocol)
  return references(io.BytesIO(data))


def script(source, **names):
  names |= {"__name__": "__main__"}
  exec(source, names)
  return names["f"]


def test_a_function_of_a_module_travels_by_reference():
  found = of(os.path.join)
  assert found.modules == {"posixpath"}
  assert not found.by_value


def test_a_lambda_travels_by_value():
  assert of(lambda: None).by_value


@pytest.mark.parametrize(
  "source",
  [
    "def f(): pass",
    "class f:\n  x = 1",
    "class A:\n  def g(self): pass\nf = A()",
    "import enum\nclass f(enum.Enum):\n  A = 1",
    "import types\nf = types.ModuleType('made_up')",
    "async def f(): pass",
  ],
)
def test_code_of_a_script_travels_by_value(source):
  assert of(script(source)).by_value


@pytest.mark.parametrize("value", [1, [{}], b"x", "numpy", (None, 1.5)])
def test_plain_values_import_nothing(value):
  assert of(value).modules == frozenset()


def test_modules_that_a_script_uses_are_found():
  source = (
    "import json, os.path, xml.dom.minidom as m\n"
    "from decimal import Decimal as D\n"
    "def f(): return json.dumps, os.path.join, m.parse, D, json.loads"
  )
  found = of(script(source))
  assert found.modules >= {"json", "os", "xml.dom.minidom", "decimal"}


def test_repeated_names_are_resolved():
  values = [decimal.Decimal(1), decimal.Context(), decimal.Decimal(2)]
  found = of([values, collections.OrderedDict(a=values)])
  assert found.modules == {"decimal", "collections"}


@pytest.mark.parametrize("protocol", range(2, 6))
def test_every_protocol_is_read(protocol):
  assert of(decimal.Decimal, protocol).modules == {"decimal"}


def test_buffers_beside_the_pickle_are_not_needed():
  numpy = pytest.importorskip("numpy")
  data = pickle.dumps(
    numpy.ones(100_000), protocol=5, buffer_callback=lambda buffer: None
  )
  assert {
    m.partition(".")[0] for m in references(io.BytesIO(data)).modules
  } == {"numpy"}


def test_looking_imports_and_runs_nothing():
  class Trap:
    def __reduce__(self):
      return (exec, ("raise SystemExit('ran')",))

  pickled = pickle.dumps([Trap(), Missing()], protocol=5)
  pickled = pickled.replace(__name__.encode(), b"x" * len(__name__))
  found = references(io.BytesIO(pickled))
  assert found.modules == {"builtins", "x" * len(__name__)}


def test_a_damaged_pickle_is_refused():
  with pytest.raises((pickle.UnpicklingError, EOFError)):
    references(io.BytesIO(pickle.dumps([1, 2, 3])[:-3]))


class Missing:
  """Stands in for a class whose module is not there."""


class Color(enum.Enum):
  RED = 1


class Items(list):
  """A list with a class of its own."""


class Table(dict):
  """A dict with a class of its own."""


class Kinds(set):
  """A set with a class of its own."""


class Point:
  __slots__ = ("x", "y")

  def __init__(self, x, y):
    self.x, self.y = x, y


LEAVES = st.one_of(
  st.none(),
  st.text(max_size=3),
  st.decimals(allow_nan=False),
  st.just(Color.RED),
  st.fractions(),
  st.builds(Point, st.integers(), st.dates()),
  st.sampled_from([len, os.path.join, Point, collections.Counter]),
)
VALUES = st.recursive(
  LEAVES,
  lambda inner: st.one_of(
    st.lists(inner, max_size=4),
    st.lists(inner, max_size=4).map(Items),
    st.dictionaries(st.text(max_size=2), inner, max_size=4).map(Table),
    st.sets(st.fractions(), max_size=3).map(Kinds),
    st.tuples(inner, inner),
    st.lists(inner, max_size=4).map(collections.deque),
  ),
  max_leaves=20,
)


class Recorder(pickle.Unpickler):
  """Loads for real, and tells what was looked up."""

  def __init__(self, file):
    super().__init__(file)
    self.modules = set()

  def find_class(self, module, name, /):
    self.modules.add(module)
    return super().find_class(module, name)


@given(value=VALUES, protocol=st.integers(2, 5))
def test_exactly_what_loading_looks_up_is_listed(value, protocol):
  data = pickle.dumps(value, protocol=protocol)
  real = Recorder(io.BytesIO(data))
  real.load()
  assert references(io.BytesIO(data)).modules == real.modules
