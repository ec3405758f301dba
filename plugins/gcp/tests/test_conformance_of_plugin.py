"""The plugin and its authenticator keep their promises, where Google is."""

from __future__ import annotations

import pytest

from keras_remote_core import testing
from keras_remote_core.testing import (
  AuthenticatorConformance,
  MemoryStore,
  PluginConformance,
)
from keras_remote_gcp.authenticator import google
from keras_remote_gcp.settings import GoogleSettings


class TestGoogle(AuthenticatorConformance):
  @pytest.fixture
  def authenticator(self, metadata, monkeypatch, tmp_path):
    for name, value in metadata.environ.items():
      monkeypatch.setenv(name, value)
    return made(tmp_path)

  @pytest.fixture
  def missing(self, monkeypatch, tmp_path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/absent")
    return made(tmp_path)


@pytest.mark.usefixtures("storage")
class TestPlugin(PluginConformance):
  name = "gcp"


def made(folder):
  return google(GoogleSettings(), testing.context(folder, MemoryStore()))
