"""The backend for tests of everything else: over when it is submitted."""

from __future__ import annotations

import pytest
from attrs import evolve

from keras_remote_core import registry, testing
from keras_remote_core.errors import JobLost, UnknownProvider
from keras_remote_core.model import Phase
from keras_remote_core.testing.site import Site


@pytest.fixture
def site(tmp_path, monkeypatch):
  monkeypatch.chdir(tmp_path)
  return Site.of(testing.plan(backend="instant"), tmp_path)


def add(a, b):
  return a + b


def fail():
  raise ValueError("on purpose")


def test_a_job_is_over_when_it_is_submitted(site):
  job = site.submit(add, 40, 2)
  assert job.status().phase is Phase.SUCCEEDED
  assert job.collect() == 42


def test_a_job_that_failed_is_over_as_well(site):
  job = site.submit(fail)
  assert (job.status().phase, job.status().reason) == (Phase.FAILED, "Raised")


def test_a_runner_that_ends_without_an_outcome_says_its_last_words(site):
  submission, handle = site.unsubmitted(add, 1, 1)
  with pytest.raises(JobLost, match="left no outcome") as caught:
    site.made.backend.submit(evolve(submission, runner=b"no program"), handle)
  assert caught.value.lines


def test_it_is_not_among_the_backends_of_users():
  with pytest.raises(UnknownProvider):
    registry.installed().provider("backend", "instant")


def test_a_plan_names_other_providers_than_the_backends():
  plan = testing.plan(backend="instant", image_builder="prebuilt")
  assert plan.image_builder.name == "prebuilt"
  assert plan.packager.name == "cloudpickle"
  with pytest.raises(UnknownProvider, match="packager 'zip'"):
    testing.plan(backend="instant", packager="zip")
