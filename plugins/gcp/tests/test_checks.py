"""What the doctor says of Google Cloud."""

from __future__ import annotations

import json

import pytest

from keras_remote_core import doctor, registry
from keras_remote_core.errors import MissingCredentials, StoreError
from keras_remote_gcp import checks
from keras_remote_gcp.errors import WrongProject
from keras_remote_gcp.testing.faults import Fault
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.server import Server

PROJECT = "emulated-project"
BUCKET = f"{PROJECT}-keras-remote-keras-remote"


@pytest.fixture
def configured(storage, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_PROJECT", PROJECT)
  return storage


@pytest.fixture
def enabled():
  return ["container.googleapis.com", "storage.googleapis.com"]


@pytest.fixture
def usage(configured, enabled, monkeypatch):
  """Service Usage, which knows of the APIs that are enabled."""

  def answer(request: Request) -> Response:
    asked = [text for name, text in request.query_pairs if name == "names"]
    services = [
      {
        "name": name,
        "state": "ENABLED"
        if name.rpartition("/")[2] in enabled
        else "DISABLED",
      }
      for name in asked
    ]
    return Response.json({"services": services})

  with Server(answer) as server:
    override = "CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE"
    monkeypatch.setenv(override, f"{server.url}/")
    yield server


def test_without_a_project_nothing_is_looked_at():
  every = (checks.credentials, checks.project, checks.apis, checks.bucket)
  results = [check() for check in every]
  assert all(each.ok for each in results)
  assert {each.remedy for each in results} == {
    "export KERAS_REMOTE_PROJECT=your-project"
  }


def test_good_credentials_are_named(configured):
  result = checks.credentials()
  assert (result.ok, result.message) == (True, "the current Google login")


def test_credentials_that_are_over_can_be_fixed_by_a_login(
  configured, metadata, monkeypatch, tmp_path
):
  told = json.dumps({"error": "invalid_grant"}).encode()
  metadata.server.faults.inject(
    Fault(path="/token", status=400, times=9, body=told)
  )
  _fake_gcloud(tmp_path, monkeypatch, "touch logged-in")
  monkeypatch.chdir(tmp_path)
  result = checks.credentials()
  assert not result.ok
  assert result.remedy == "gcloud auth application-default login"
  result.fix()
  assert (tmp_path / "logged-in").exists()


def test_a_login_that_fails_fixes_nothing(
  configured, metadata, monkeypatch, tmp_path
):
  told = json.dumps({"error": "invalid_grant"}).encode()
  metadata.server.faults.inject(
    Fault(path="/token", status=400, times=9, body=told)
  )
  _fake_gcloud(tmp_path, monkeypatch, "exit 1")
  with pytest.raises(MissingCredentials, match="did not succeed"):
    checks.credentials().fix()


def test_a_project_that_is_there_is_named(usage):
  assert checks.project().message == PROJECT


def test_a_project_that_is_not_there_is_told(usage):
  _refuse(usage, 403, f"Project '{PROJECT}' not found or deleted.")
  with pytest.raises(WrongProject, match=PROJECT) as caught:
    checks.project()
  assert "gcloud projects list" in caught.value.remedy


def test_a_quota_project_that_is_not_allowed_is_replaced(usage):
  _refuse(usage, 403, "The caller lacks serviceusage.services.use on project o")
  with pytest.raises(MissingCredentials) as caught:
    checks.project()
  assert caught.value.remedy == (
    f"gcloud auth application-default set-quota-project {PROJECT}"
  )


def test_who_may_not_look_is_no_failure(usage):
  _refuse(usage, 403, "Permission denied to get services")
  _refuse(usage, 403, "Permission denied to get services")
  assert checks.project().ok
  assert checks.apis().ok


def test_apis_that_are_enabled_are_named(usage):
  assert checks.apis().ok


def test_apis_that_are_not_enabled_come_with_the_command(usage, enabled):
  enabled.remove("container.googleapis.com")
  result = checks.apis()
  assert not result.ok
  assert result.remedy == (
    f"gcloud services enable container.googleapis.com --project={PROJECT}"
  )


def test_an_answer_that_is_no_json_is_no_failure(usage):
  usage.faults.inject(Fault(status=502, body=b"<html>"))
  assert checks.apis().message == "not looked at: <html>"


def test_a_bucket_that_can_be_used_is_left_empty(configured):
  configured.create_bucket(BUCKET)
  result = checks.bucket()
  assert (result.ok, result.message) == (True, f"gs://{BUCKET}")
  assert configured.objects(BUCKET) == {}


def test_a_bucket_that_is_not_there_comes_with_the_command(configured):
  with pytest.raises(StoreError) as caught:
    checks.bucket()
  assert caught.value.remedy == (
    f"gcloud storage buckets create gs://{BUCKET} --project={PROJECT}"
    " --location=us-central1 --uniform-bucket-level-access"
  )


def test_another_store_is_not_looked_at(configured, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_STORE", "file:///tmp/store")
  assert (
    checks.bucket().message == "not looked at: the store is file:///tmp/store"
  )


def test_the_doctor_knows_them_all(usage, configured):
  configured.create_bucket(BUCKET)
  ours = [each for each in registry.installed().plugins if each.name == "gcp"]
  findings = doctor.examine(doctor.checks(ours), limit=60)
  assert [(each.check.provider.name, each.result.ok) for each in findings] == [
    ("google-credentials", True),
    ("google-project", True),
    ("google-apis", True),
    ("google-bucket", True),
  ]


def test_the_plugin_is_listed_with_what_it_provides():
  known = registry.installed()
  assert known.provider("authenticator", "google").load()
  assert known.provider("store", "gs").load()
  assert known.provider("store", "gs").authenticator == "google"


def _refuse(usage, status, message):
  error = {"error": {"code": status, "message": message}}
  usage.faults.inject(Fault(status=status, body=json.dumps(error).encode()))


def _fake_gcloud(folder, monkeypatch, script):
  binary = folder / "bin" / "gcloud"
  binary.parent.mkdir()
  binary.write_text(f"#!/bin/sh\n{script}\n")
  binary.chmod(0o755)
  monkeypatch.setenv("PATH", f"{binary.parent}:/usr/bin:/bin")
