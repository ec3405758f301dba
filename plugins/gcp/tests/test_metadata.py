"""The metadata server, as google-auth sees it."""

from __future__ import annotations

import os
import subprocess
import sys

import google.auth
import google.auth.transport.requests
import pytest
import requests

from keras_remote_gcp.testing.metadata import MetadataServer

_ROOT = "computeMetadata/v1"
_ON_GOOGLE = """
import google.auth
from google.auth.transport.requests import Request

made, project = google.auth.default()
made.refresh(Request())
print(project, made.service_account_email, made.token)
"""


@pytest.fixture
def metadata():
  with MetadataServer() as running:
    yield running


def test_a_process_believes_that_it_runs_on_a_google_machine(
  metadata, tmp_path
):
  alone = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
  done = subprocess.run(
    [sys.executable, "-c", _ON_GOOGLE],
    env={**alone, **metadata.job_environ},
    capture_output=True,
    text=True,
    check=True,
  )
  project, email, token = done.stdout.split()
  assert (project, email) == (metadata.project, metadata.email)
  assert metadata.valid(token)


def test_a_users_login_is_found_in_this_process(metadata, monkeypatch):
  for name, value in metadata.environ.items():
    monkeypatch.setenv(name, value)
  made, project = google.auth.default()
  with requests.Session() as session:
    made.refresh(google.auth.transport.requests.Request(session))
  assert project == metadata.project
  assert metadata.valid(made.token)


def test_a_revoked_or_expired_token_is_good_for_nothing(metadata):
  given = metadata.tokens.issue()["access_token"]
  metadata.lifetime = 0
  short = metadata.tokens.issue()["access_token"]
  assert metadata.tokens.allows({"authorization": f"Bearer {given}"})
  assert not metadata.tokens.allows({"authorization": f"Bearer {short}"})
  metadata.tokens.revoke()
  assert not metadata.valid(given)
  assert not metadata.tokens.allows({})


def test_who_does_not_know_the_metadata_server_is_refused(metadata):
  url = f"{metadata.server.url}/{_ROOT}/project/project-id"
  assert requests.get(url).status_code == 403
  known = requests.get(url, headers={"Metadata-Flavor": "Google"})
  assert known.text == metadata.project


@pytest.mark.parametrize(
  ("path", "text"),
  [
    ("instance/zone", "projects/123456789012/zones/us-central1-a"),
    ("project/numeric-project-id", "123456789012"),
    (
      "instance/service-accounts/default/email",
      "job@emulated-project.iam.gserviceaccount.com",
    ),
  ],
)
def test_a_machine_knows_itself(metadata, path, text):
  url = f"{metadata.server.url}/{_ROOT}/{path}"
  answer = requests.get(url, headers={"Metadata-Flavor": "Google"})
  assert answer.text == text
  assert answer.headers["Metadata-Flavor"] == "Google"
