from __future__ import annotations

from collections.abc import Mapping

import pytest
from attrs import Factory, frozen
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.errors import InvalidSetting
from keras_remote_core.resolving import Sources, resolve
from keras_remote_core.settings import setting

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True)
WORDS = st.from_regex(r"[A-Za-z0-9_./:;-]*[A-Za-z0-9]", fullmatch=True)


@frozen(kw_only=True)
class Everything:
  text: str = setting("", "text", run=True)
  whole: int = setting(0, "a number", run=True)
  number: float = setting(0.0, "a number", run=True)
  switch: bool = setting(False, "a switch", run=True)
  entries: tuple[str, ...] = setting((), "entries", run=True)
  pairs: Mapping[str, str] = setting(Factory(dict), "pairs", run=True)
  maybe: int | None = setting(1, "a number or nothing", run=True)


def from_environ(field, text):
  environ = {f"KERAS_REMOTE_{field.upper()}": text}
  return getattr(resolve(Everything, Sources(environ=environ)).value, field)


def from_argument(field, value):
  arguments = {field: value}
  return getattr(resolve(Everything, Sources(arguments=arguments)).value, field)


@given(st.integers())
def test_whole_numbers_are_read_back_from_text(number):
  assert from_environ("whole", f" {number} ") == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_back_from_text(number):
  assert from_environ("number", repr(number)) == number


@given(st.lists(WORDS, min_size=1))
def test_entries_are_read_back_from_text(words):
  assert from_environ("entries", ", ".join(words)) == tuple(words)


@given(st.dictionaries(NAMES, st.from_regex(r"[0-9.,-]*[0-9]", fullmatch=True)))
def test_pairs_are_read_back_from_text(pairs):
  text = ",".join(f"{name}={value}" for name, value in pairs.items())
  assert from_environ("pairs", text) == pairs


@pytest.mark.parametrize("word", ["1", "true", "YES", "on", " True "])
def test_a_switch_is_turned_on_in_words(word):
  assert from_environ("switch", word) is True


@pytest.mark.parametrize("word", ["0", "false", "No", "off"])
def test_a_switch_is_turned_off_in_words(word):
  assert from_environ("switch", word) is False


def test_a_requirement_keeps_its_commas():
  text = "jax[tpu,k8s]>=0.4,<0.5, numpy, keras>=3,!=3.1"
  assert from_environ("entries", text) == (
    "jax[tpu,k8s]>=0.4,<0.5",
    "numpy",
    "keras>=3,!=3.1",
  )


def test_a_value_keeps_its_commas_and_equals_signs():
  text = "GPUS=0,1, FLAGS=--a=1 --b=2,LAST="
  assert from_environ("pairs", text) == {
    "GPUS": "0,1",
    "FLAGS": "--a=1 --b=2",
    "LAST": "",
  }


@pytest.mark.parametrize(
  ("field", "value", "expected"),
  [
    ("whole", 3, 3),
    ("number", 3, 3.0),
    ("switch", True, True),
    ("entries", ["a", "b,c"], ("a", "b,c")),
    ("pairs", {"A": "1"}, {"A": "1"}),
    ("maybe", None, None),
    ("maybe", "7", 7),
  ],
)
def test_values_of_the_right_type_are_taken_as_they_are(field, value, expected):
  assert from_argument(field, value) == expected


@pytest.mark.parametrize(
  ("field", "value", "accepted"),
  [
    ("text", 3, "text"),
    ("text", None, "text"),
    ("whole", True, "whole number"),
    ("whole", 3.5, "whole number"),
    ("whole", "3.0", "whole number"),
    ("number", "nan", "number"),
    ("number", [], "number"),
    ("number", True, "number"),
    ("switch", "maybe", "true or false"),
    ("switch", 2, "true or false"),
    ("entries", {"a"}, "separated by commas"),
    ("entries", [1], "separated by commas"),
    ("pairs", {"A": 1}, "A=1,B=2"),
    ("pairs", "A", "A=1,B=2"),
    ("pairs", "=1", "A=1,B=2"),
    ("pairs", ["A=1"], "A=1,B=2"),
    ("maybe", "x", "whole number"),
  ],
)
def test_other_values_are_refused_with_what_is_accepted(field, value, accepted):
  with pytest.raises(InvalidSetting, match=rf"{field}.*argument.*{accepted}"):
    from_argument(field, value)
