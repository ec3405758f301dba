"""The plugin and its image builder keep their promises, by Google's clients."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import evolve

from keras_remote_cloudbuild.builder import CloudBuild
from keras_remote_cloudbuild.settings import CloudBuildSettings
from keras_remote_core import reporting, testing
from keras_remote_core.model import Place
from keras_remote_core.roles import Context
from keras_remote_core.testing import ImageBuilderConformance, PluginConformance
from keras_remote_gcp.authenticator import credentials
from keras_remote_gcp.gcs_store import GcsStore
from keras_remote_gcp.settings import GoogleSettings

PROJECT = "emulated-project"


def opened(environ: Mapping[str, str]) -> CloudBuild:
  """The builder, in whatever process."""
  os.environ.update(environ)
  bare = Context(
    store_url=f"gs://{PROJECT}-keras-remote-keras-remote",
    workdir=Path(),
    report=reporting.Silent(),
    place=Place(project=PROJECT, zone="us-central1-a"),
    credentials=credentials(GoogleSettings(), PROJECT),
  )
  context = evolve(bare, store=GcsStore(None, bare))
  return CloudBuild(CloudBuildSettings(apt=("ffmpeg", "curl")), context)


class TestCloudBuild(ImageBuilderConformance):
  @pytest.fixture
  def image_builder(self, site):
    return site(apt=("ffmpeg", "curl")).builder

  @pytest.fixture
  def opener(self, storage, images):
    return functools.partial(opened, {**storage.environ, **images.environ})

  @pytest.fixture
  def asked(self):
    return testing.image_request(requirements=("keras", "rich==15.0"))

  @pytest.fixture
  def impossible(self):
    return testing.image_request(requirements=("keras==99",))

  @pytest.fixture
  def hidden(self, image_builder):
    token = credentials(GoogleSettings(), PROJECT).token()
    assert token
    return (token,)


@pytest.mark.usefixtures("images")
class TestPlugin(PluginConformance):
  name = "cloudbuild"
