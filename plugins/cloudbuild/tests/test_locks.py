"""Locks are read as they were written, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_cloudbuild.locks import Lock

NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
EXTRAS = st.sampled_from(["", "[tpu]", "[a,b-c]"])
SOURCES = st.one_of(
  st.from_regex(
    r"==([0-9]!)?[0-9]{1,3}(\.[0-9]{1,3}){0,3}(rc1|\+cu12)?", fullmatch=True
  ),
  st.just(" @ git+https://example.com/x.git@0a1b#subdirectory=y"),
)
HASHES = st.lists(st.from_regex(r"[0-9a-f]{64}", fullmatch=True), max_size=3)
PACKAGES = st.tuples(NAMES, EXTRAS, SOURCES, HASHES)


def written(package):
  name, extras, source, hashes = package
  options = "".join(f" \\\n    --hash=sha256:{each}" for each in hashes)
  return f"{name}{extras}{source}{options}\n"


@given(st.lists(PACKAGES, unique_by=lambda each: each[0]))
def test_a_lock_is_read_as_it_was_written(packages):
  lock = Lock.parse("".join(map(written, packages)))
  assert sorted(map(written, packages)) == sorted(
    f"{each.text}\n" for each in lock.packages
  )
  assert set(lock.versions) == {name for name, *_ in packages}
  assert Lock.parse(lock.text) == lock
  assert Lock.parse(lock.frameworks + lock.rest) == lock


@given(st.text())
def test_no_text_breaks_the_reader(text):
  try:
    lock = Lock.parse(text)
  except ValueError as error:
    assert "not a locked package" in str(error)
  else:
    assert Lock.parse(lock.text) == lock


@pytest.mark.parametrize(
  "line",
  [
    "--index-url https://example.com",
    "-r more.txt",
    "numpy>=2",
    "numpy",
    "./local",
    "numpy==2 --global-option=x",
    "numpy==2 --hash=sha256:00",
    "x @ ${TOKEN}",
  ],
)
def test_what_an_installer_would_take_and_no_lock_holds_is_refused(line):
  with pytest.raises(ValueError, match="not a locked package"):
    Lock.parse(f"keras==3.15.1\n{line}\n")


def test_large_packages_are_apart():
  lock = Lock.parse(
    "jax==1\njax-cuda12-plugin==1\njaxtyping==1\nnumpy==2\nrich==3\n"
  )
  assert lock.frameworks == "jax==1\njax-cuda12-plugin==1\nnumpy==2\n"
  assert lock.rest == "jaxtyping==1\nrich==3\n"


def test_a_lock_of_other_requirements_is_noticed():
  lock = Lock.parse("keras==3.15.1\nx @ https://example.com/x.zip\n")
  asked = ("keras", "x @ https://example.com/x.zip", 'y; python_version < "3"')
  lock.check(asked)
  with pytest.raises(ValueError, match="lacks numpy"):
    lock.check((*asked, "numpy"))
  with pytest.raises(ValueError, match="nobody asked for"):
    lock.check(("keras",))


@pytest.mark.parametrize("asked", ["Keras>=3.15", "keras~=3.15.0", "keras"])
def test_a_lock_of_allowed_versions_is_taken(asked):
  Lock.parse("keras==3.15.1\n").check((asked,))


@pytest.mark.parametrize("asked", ["keras==3.15.0", "keras<3.15", "Keras>=4"])
def test_a_lock_that_somebody_gave_other_versions_is_refused(asked):
  with pytest.raises(ValueError, match=r"it has \w+ 3\.15\.1, not"):
    Lock.parse("keras==3.15.1\n").check((asked,))


COMMIT, OTHER = "a" * 40, "b" * 40
SOURCE = "git+https://example.com/x.git"


@pytest.mark.parametrize(
  ("asked", "locked"),
  [
    (SOURCE, f"{SOURCE}@{COMMIT}"),
    (f"{SOURCE}@main", f"{SOURCE}@{COMMIT}"),
    (f"{SOURCE}@a/b#subdirectory=y", f"{SOURCE}@{COMMIT}#subdirectory=y"),
    (f"{SOURCE}@{COMMIT}", f"{SOURCE}@{COMMIT}"),
  ],
)
def test_a_lock_may_name_the_commit_of_what_was_asked_for(asked, locked):
  Lock.parse(f"x @ {locked}\n").check((f"x @ {asked}",))


@pytest.mark.parametrize(
  ("asked", "locked"),
  [
    (f"{SOURCE}@{OTHER}", f"{SOURCE}@{COMMIT}"),
    (SOURCE, f"git+https://example.com/y.git@{COMMIT}"),
    (SOURCE, f"git+https://example.com@evil.example/x.git@{COMMIT}"),
    (SOURCE, f"{SOURCE}@{COMMIT}#subdirectory=y"),
    ("https://example.com/x@1.zip", "https://example.com/x@2.zip"),
  ],
)
def test_a_lock_may_name_no_other_source(asked, locked):
  with pytest.raises(ValueError, match="nobody asked for"):
    Lock.parse(f"x @ {locked}\n").check((f"x @ {asked}",))
