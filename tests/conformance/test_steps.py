"""The core's other providers keep what their roles promise."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from keras_remote_core import pipeline, testing
from keras_remote_core.builtin.images import Given, Local, Prebuilt
from keras_remote_core.builtin.local.settings import LocalSettings
from keras_remote_core.builtin.readers import (
  cloudpickle_reader,
  no_credentials,
)
from keras_remote_core.model import Call, Credentials
from keras_remote_core.providers import Provider
from keras_remote_core.registry import Registry
from keras_remote_core.reporting import Silent
from keras_remote_core.testing import (
  AuthenticatorConformance,
  Capabilities,
  ImageBuilderConformance,
  MemoryStore,
  PackagerConformance,
  ResultReaderConformance,
)


def opened(builder, settings):
  """An image builder, in whatever process."""
  return builder(settings, testing.context(Path(), MemoryStore()))


@pytest.fixture
def context(tmp_path):
  return testing.context(tmp_path, MemoryStore())


class CountsCalls:
  """An authenticator that tells how often it was made, and asked."""

  made = asked = 0

  def __init__(self, settings, context):
    CountsCalls.made += 1

  def __call__(self):
    CountsCalls.asked += 1
    return Credentials(principal="somebody")


def test_a_submission_asks_for_credentials_once(tmp_path, monkeypatch):
  monkeypatch.chdir(tmp_path)
  plan = testing.plan(backend="instant")
  counting = Provider[Any](
    name="counting",
    summary="Counts.",
    implementation=f"{__name__}:CountsCalls",
  )
  plan = evolve(
    plan, authenticator=evolve(plan.authenticator, provider=counting)
  )
  call = Call(function=testing.detached(lambda: 42))
  job = pipeline.submit(call, plan, Registry(()), Silent())
  assert job.result() == 42
  assert (CountsCalls.made, CountsCalls.asked) == (1, 1)


class TestNoCredentials(AuthenticatorConformance):
  capabilities = Capabilities(tokens=False)

  @pytest.fixture
  def authenticator(self, context):
    return no_credentials(None, context)


class TestCloudpickleReader(ResultReaderConformance):
  @pytest.fixture
  def reader(self, context):
    return cloudpickle_reader(None, context)


class TestCloudpicklePackager(PackagerConformance):
  @pytest.fixture
  def plan(self):
    return testing.plan(backend="instant", packager="cloudpickle")


class TestPrebuiltImages(ImageBuilderConformance):
  @pytest.fixture
  def opener(self):
    return functools.partial(opened, Prebuilt, None)

  @pytest.fixture
  def image_builder(self, opener):
    return opener()


class TestGivenImages(ImageBuilderConformance):
  @pytest.fixture
  def opener(self):
    return functools.partial(opened, Given, None)

  @pytest.fixture
  def image_builder(self, opener):
    return opener()

  @pytest.fixture
  def asked(self):
    return testing.image_request(image="registry.example.com:5000/team/image:1")

  @pytest.fixture
  def impossible(self):
    return testing.image_request(image="Not An Image")


class TestNoImages(ImageBuilderConformance):
  capabilities = Capabilities(images=False)

  @pytest.fixture(params=[False, True], ids=["here", "isolated"])
  def opener(self, request):
    settings = LocalSettings(isolated=request.param)
    return functools.partial(opened, Local, settings)

  @pytest.fixture
  def image_builder(self, opener):
    return opener()
