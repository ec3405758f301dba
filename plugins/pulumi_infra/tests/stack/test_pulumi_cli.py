"""Which Pulumi CLI is used, and what is said where there is none."""

from __future__ import annotations

import gc

import pytest

from keras_remote_pulumi_infra import pulumi_cli
from keras_remote_pulumi_infra.errors import NoPulumi
from keras_remote_pulumi_infra.testing import PulumiStandIn


@pytest.fixture
def pulumi(tmp_path, monkeypatch):
  found = PulumiStandIn(tmp_path / "pulumi")
  monkeypatch.setenv("PATH", found.environ["PATH"])
  return found


def test_the_one_on_the_path_is_used(pulumi):
  assert str(pulumi_cli.required().version) == "3.272.0"


def test_one_that_was_installed_for_us_comes_first(pulumi):
  theirs = PulumiStandIn(pulumi_cli.folder())
  theirs.version("3.250.1")
  assert str(pulumi_cli.required().version) == "3.250.1"


def test_without_any_there_is_none(monkeypatch):
  monkeypatch.setenv("PATH", "/nowhere")
  assert pulumi_cli.find() is None
  with pytest.raises(NoPulumi, match="not installed") as caught:
    pulumi_cli.required()
  assert "--install-pulumi" in str(caught.value.remedy)


@pytest.mark.parametrize("version", ["3.149.9", "4.0.0", "nonsense"])
def test_a_version_that_will_not_do_is_refused(pulumi, version):
  pulumi.version(version)
  with pytest.raises(NoPulumi) as caught:
    pulumi_cli.find()
  assert "--install-pulumi" in str(caught.value.remedy)


def test_one_that_does_not_run_is_told_apart_from_none(pulumi):
  (pulumi.bin / "pulumi").write_text("#!/bin/sh\necho broken; exit 3\n")
  with pytest.raises(NoPulumi, match="does not run: broken"):
    pulumi_cli.find()


# Pulumi leaves the file open that it could not download to.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_installation_without_a_network_says_so(monkeypatch):
  monkeypatch.setenv("PATH", "/nowhere")
  for name in ("https_proxy", "HTTPS_PROXY"):
    monkeypatch.setenv(name, "http://127.0.0.1:9")
  with pytest.raises(NoPulumi, match="could not be installed") as caught:
    pulumi_cli.install()
  assert "check the network" in str(caught.value.remedy)
  del caught
  gc.collect()
