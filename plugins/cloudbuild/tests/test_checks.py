"""What ``keras-remote doctor`` finds about images."""

from __future__ import annotations

import pytest

from keras_remote_cloudbuild import checks, here
from keras_remote_cloudbuild.testing import Fault
from keras_remote_core import doctor, registry
from keras_remote_core.errors import KerasRemoteError

PATIENCE = 30.0


@pytest.fixture
def project(images, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_PROJECT", "emulated-project")
  return images


def findings():
  known = registry.installed().plugins
  own = [each for each in doctor.checks(known) if each.plugin == "cloudbuild"]
  found = doctor.examine(own, PATIENCE)
  return {each.check.provider.name: each.result for each in found}


@pytest.mark.usefixtures("project")
def test_all_is_well_where_all_is_there():
  found = findings()
  assert all(each.ok for each in found.values()), found
  assert set(found) == {
    "image-apis",
    "image-repository",
    "image-push",
    "image-account",
  }
  assert found["image-account"].message.endswith(
    "developer.gserviceaccount.com"
  )


def test_what_is_missing_is_told_with_the_command_that_adds_it(project):
  project.registry.repositories.clear()
  project.registry.permissions.clear()
  project.faults.inject(
    Fault(
      method="ListBuilds",
      code="PERMISSION_DENIED",
      message="Cloud Build API has not been used in project 1",
    )
  )
  found = findings()
  assert "services enable" in (found["image-apis"].remedy or "")
  assert "repositories create" in (found["image-repository"].remedy or "")
  assert "artifactregistry.writer" in (found["image-push"].remedy or "")


def test_a_configured_account_is_told(project, monkeypatch):
  del project
  monkeypatch.setenv("KERAS_REMOTE_CLOUDBUILD_SERVICE_ACCOUNT", "b@p.example")
  assert checks.account().message == "b@p.example"


def test_without_a_project_there_is_nothing_to_look_at():
  found = findings()
  assert all(each.ok for each in found.values()), found
  assert {each.message for each in found.values()} == {
    "not looked at: no project is set"
  }


def test_commands_without_a_project_say_so():
  with pytest.raises(KerasRemoteError) as caught:
    here.builder()
  assert "KERAS_REMOTE_PROJECT" in (caught.value.remedy or "")
