"""The pure rules behind the API, whatever they are given."""

from __future__ import annotations

import hypothesis
from hypothesis import strategies as st

from keras_remote_gke.testing.control import patching, quantities, selectors
from keras_remote_gke.testing.controllers import job_indexes
from keras_remote_gke.testing.kubelet import environment, volumes

NAMES = st.text("abc", min_size=1, max_size=3)
VALUES = st.recursive(
  st.none() | st.booleans() | st.integers() | st.text(max_size=3),
  lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
  ),
  max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4)


def without_nulls(value):
  if isinstance(value, dict):
    return {k: without_nulls(v) for k, v in value.items() if v is not None}
  return value


@hypothesis.given(OBJECTS, OBJECTS)
def test_a_merge_applied_twice_is_applied_once(target, patch):
  once = patching.merged(target, patch)
  assert patching.merged(once, patch) == once


@hypothesis.given(OBJECTS)
def test_a_merge_into_nothing_leaves_out_nulls(patch):
  assert patching.merged({}, patch) == without_nulls(patch)


@hypothesis.given(OBJECTS, NAMES, VALUES)
def test_what_is_added_can_be_removed_again(target, name, value):
  hypothesis.assume(name not in target)
  path = f"/{name}"
  added = {"op": "add", "path": path, "value": value}
  tested = {"op": "test", "path": path, "value": value}
  removed = {"op": "remove", "path": path}
  assert patching.operated(target, [added, tested, removed]) == target


@hypothesis.given(st.dictionaries(NAMES, NAMES), NAMES, NAMES)
def test_a_label_either_has_a_value_or_has_it_not(labels, key, value):
  tests = selectors.label_tests
  for one, other in (
    (f"{key}={value}", f"{key}!={value}"),
    (f"{key} in ({value},x)", f"{key} notin ({value},x)"),
    (key, f"!{key}"),
  ):
    assert tests(one)[0](labels) is not tests(other)[0](labels)


@hypothesis.given(st.sets(st.integers(0, 50)))
def test_indexes_are_read_as_they_are_written(indexes):
  assert job_indexes.parsed(job_indexes.written(indexes)) == indexes


@hypothesis.given(
  st.decimals(0, 10**6, places=3),
  st.sampled_from(["", "m", "k", "M", "G", "Ki", "Mi", "Gi"]),
)
def test_the_canonical_form_of_an_amount_is_the_same_amount(number, suffix):
  text = f"{number:f}{suffix}"
  canonical = quantities.canonical(text)
  assert quantities.amount(canonical) == quantities.amount(text)
  assert quantities.canonical(canonical) == canonical


@hypothesis.given(
  st.dictionaries(NAMES, st.text(max_size=4)), st.text(max_size=9)
)
def test_what_is_no_reference_stays_as_it_is(values, text):
  hypothesis.assume("$" not in text)
  assert environment.expanded(text, values) == text


@hypothesis.given(NAMES, st.text(max_size=4))
def test_a_reference_becomes_its_value(name, value):
  assert environment.expanded(f"<$({name})>", {name: value}) == f"<{value}>"
  assert environment.expanded(f"$$({name})", {name: value}) == f"$({name})"
  assert environment.expanded(f"$({name})", {}) == f"$({name})"


@hypothesis.given(st.text("ab/.-", max_size=12))
def test_only_whole_paths_are_rewritten(text):
  made = volumes.rewritten(text, {"/a": "/X", "/a/b": "/Y"})
  assert volumes.rewritten(f"a{text}", {}) == f"a{text}"
  assert ("/X" in made or "/Y" in made) <= ("/a" in text)


def test_the_longest_path_that_is_mounted_counts():
  paths = {"/a": "/X", "/a/b": "/Y"}
  assert volumes.rewritten("--at=/a/b/c:/a/c", paths) == "--at=/Y/c:/X/c"
  assert volumes.rewritten("/ab /x/a file:///a", paths) == "/ab /x/a file:///X"
