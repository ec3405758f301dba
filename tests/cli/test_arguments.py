from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.cli import arguments
from keras_remote_core.errors import UsageError

NAMES = st.from_regex(r"[a-z_][a-z0-9_]*", fullmatch=True)
VALUES = st.recursive(
  st.none()
  | st.booleans()
  | st.integers(-(10**9), 10**9)
  | st.floats(allow_nan=False, allow_infinity=False)
  | st.text(),
  lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
  max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES))
def test_a_pair_gives_the_function_what_its_json_says(wanted):
  pairs = [f"{name}={json.dumps(value)}" for name, value in wanted.items()]
  assert arguments.parse(pairs, None, None).kwargs == wanted


@given(st.lists(VALUES), st.dictionaries(NAMES, VALUES))
def test_arrays_and_objects_give_positional_and_named_arguments(args, kwargs):
  made = arguments.parse((), json.dumps(args), json.dumps(kwargs))
  assert (list(made.args), made.kwargs) == (args, kwargs)


@given(NAMES, st.text())
def test_a_value_that_is_not_json_is_the_text_itself(name, text):
  made = arguments.parse([f"{name}={text}"], None, None).kwargs[name]
  try:
    wanted = json.loads(text)
  except ValueError:
    wanted = text
  # Python reads NaN and Infinity, which JSON does not have.
  assert made == (text if wanted != wanted or "Infinity" in text else wanted)


@pytest.mark.parametrize(
  ("text", "value"),
  [
    ("lr=1e-3", 1e-3),
    ("name=adam", "adam"),
    ('name="2"', "2"),
    ("url=gs://a?b=c", "gs://a?b=c"),
    ("empty=", ""),
    ("layers=[1, 2]", [1, 2]),
    ("nan=NaN", "NaN"),
    ("top=-Infinity", "-Infinity"),
  ],
)
def test_values_are_json_or_else_text(text, value):
  (made,) = arguments.parse([text], None, None).kwargs.values()
  assert made == value
  assert type(made) is type(value)


@pytest.mark.parametrize(
  ("pairs", "args", "kwargs", "said"),
  [
    (["3"], None, None, "'3' is not NAME=VALUE"),
    (["a-b=3"], None, None, "'a-b=3' is not NAME=VALUE"),
    ([], "[1", None, "--args is not JSON"),
    ([], "[NaN]", None, "--args is not JSON"),
    ([], "{}", None, "--args must be a JSON array"),
    ([], None, "[]", "--kwargs must be a JSON object"),
  ],
)
def test_malformed_arguments_are_named(pairs, args, kwargs, said):
  with pytest.raises(UsageError) as caught:
    arguments.parse(pairs, args, kwargs)
  assert said in str(caught.value)


def test_a_call_the_function_does_not_take_is_refused_with_its_signature():
  def train(epochs, *, rate=0.1):
    raise AssertionError("it must not be called")

  call = arguments.parse(["epocs=2"], None, None)
  with pytest.raises(UsageError, match=r"train\(epochs, \*, rate=0.1\)"):
    arguments.check(train, call)
