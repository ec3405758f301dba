"""Which images of Pathways go with the jax of a job."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.errors import UsageError
from keras_remote_pathways import versions


@pytest.mark.parametrize("known", versions.KNOWN)
def test_a_known_jax_has_its_image(known):
  assert versions.tag(["keras>=3", f"jax=={known}"]) == f"jax-{known}"


@pytest.mark.parametrize(
  "line", ["jax==0.9.2", "jax[tpu]==0.9.2", "jax[k8s,tpu]==0.9.2.0"]
)
def test_extras_and_spelling_do_not_matter(line):
  assert versions.tag([line]) == "jax-0.9.2"


@pytest.mark.parametrize(
  ("elsewhere", "there"),
  [
    ("sys_platform == 'darwin'", "sys_platform == 'linux'"),
    ("platform_machine == 'arm64'", "platform_machine == 'x86_64'"),
    ("python_version < '3.11'", "python_version >= '3.11'"),
  ],
)
def test_a_pin_for_other_machines_does_not_count(elsewhere, there):
  lines = [f"jax==0.8.3; {elsewhere}", f"jax[tpu]==0.9.2; {there}"]
  assert versions.tag(lines) == "jax-0.9.2"
  with pytest.raises(UsageError, match="leave open which jax"):
    versions.tag(lines[:1])


def test_what_a_job_gets_by_itself_has_an_image():
  assert versions.tag(versions.REQUIREMENTS) == f"jax-{versions.NEWEST}"


@pytest.mark.parametrize(
  "lines", [[], ["keras"], ["jax"], ["jax>=0.9"], ["jax==0.9.*"], ["jaxlib==1"]]
)
def test_a_jax_that_is_not_pinned_is_refused_with_the_pin_to_write(lines):
  with pytest.raises(UsageError, match="leave open which jax") as caught:
    versions.tag(lines)
  assert f"jax=={versions.NEWEST}" in str(caught.value.remedy)


@pytest.mark.parametrize(
  ("pinned", "instead"),
  [("0.4.38", "0.10.0"), ("0.9.0.1", "0.9.0"), ("9.9.9", "0.10.0")],
)
def test_an_unknown_jax_is_refused_with_those_that_are_known(pinned, instead):
  with pytest.raises(UsageError) as caught:
    versions.tag([f"jax=={pinned}"])
  assert pinned in caught.value.message
  assert all(each in caught.value.message for each in versions.KNOWN)
  assert f"jax=={instead}," in str(caught.value.remedy)


@given(st.lists(st.sampled_from(["jax", "jaxlib", "keras"]), max_size=3))
def test_other_lines_never_matter(names):
  lines = [f"{name}>=0.1" for name in names]
  assert versions.tag([*lines, "jax==0.10.0"]) == "jax-0.10.0"
