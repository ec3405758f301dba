"""What is made of the lines that a job requires."""

from __future__ import annotations

import pytest

from keras_remote_cloudbuild.requirements import check_plugin, prepared
from keras_remote_core.errors import InvalidRequirement


@pytest.mark.parametrize(
  ("kind", "jax"), [("cpu", "jax"), ("gpu", "jax[cuda12]"), ("tpu", "jax[tpu]")]
)
def test_keras_gets_jax_for_the_accelerator(kind, jax):
  assert prepared(("keras",), kind) == (jax, "keras")


@pytest.mark.parametrize(
  ("line", "fitted"),
  [
    ("jax==0.7.1", "jax[tpu]==0.7.1"),
    ("jax[k8s]>=0.7", "jax[k8s,tpu]>=0.7"),
    ('jax; python_version < "3.12"', 'jax[tpu]; python_version < "3.12"'),
    ("jax[tpu]==0.7.1", "jax[tpu]==0.7.1"),
    ("jax[cuda13]", "jax[cuda13]"),
    ("jax[cuda12-local]", "jax[cuda12-local]"),
  ],
)
def test_a_users_own_jax_wins(line, fitted):
  assert prepared((line,), "tpu") == (fitted,)


@pytest.mark.parametrize("backend", ["torch", "tensorflow>=2.19"])
def test_another_backend_of_keras_stays_the_only_one(backend):
  assert prepared(("keras", backend), "gpu") == ("keras", backend)


def test_a_job_without_keras_gets_what_it_asks_for():
  assert prepared(("numpy",), "tpu") == ("numpy",)
  assert prepared((), "tpu") == ()


def test_a_secret_address_is_refused_before_the_build():
  line = "x @ git+https://${TOKEN}@example.com/x.git"
  with pytest.raises(InvalidRequirement, match="no secrets") as caught:
    prepared((line,), "cpu", ("git",))
  assert "prebuilt" in (caught.value.remedy or "")


def test_an_address_of_git_needs_git():
  line = "x @ git+https://example.com/x.git"
  with pytest.raises(InvalidRequirement, match="installed by git") as caught:
    prepared((line,), "cpu")
  assert caught.value.remedy == '@run(apt=["git"])'
  assert prepared((line,), "cpu", ("git=1:2.39",)) == (line,)


@pytest.mark.parametrize(
  ("kind", "installed"),
  [
    ("gpu", {"jax", "jax-cuda12-plugin"}),
    ("gpu", {"jax", "jax-cuda13-plugin"}),
    ("tpu", {"jax", "libtpu"}),
    ("cpu", {"jax"}),
  ],
)
def test_what_uses_the_accelerator_is_recognised(kind, installed):
  check_plugin(("jax",), installed, kind)


@pytest.mark.parametrize("kind", ["gpu", "tpu"])
def test_a_jax_that_would_silently_compute_on_the_cpu_is_refused(kind):
  with pytest.raises(InvalidRequirement, match="brings nothing for a"):
    check_plugin(("jax==0.3",), {"jax", "jaxlib"}, kind)
  check_plugin(("torch",), {"torch"}, kind)
