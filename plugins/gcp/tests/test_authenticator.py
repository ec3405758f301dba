"""Credentials found, renewed, or missing with the command that helps."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from keras_remote_core.errors import MissingCredentials
from keras_remote_core.model import Credentials
from keras_remote_gcp import authenticator
from keras_remote_gcp.credentials import google_of
from keras_remote_gcp.errors import (
  BadCredentialsFile,
  ExpiredCredentials,
  ImpersonationRefused,
  NoCredentials,
  WrongProject,
)
from keras_remote_gcp.settings import GoogleSettings
from keras_remote_gcp.testing.faults import Fault
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.metadata import login
from keras_remote_gcp.testing.server import Server
from keras_remote_gcp.testing.tokens import Tokens

ROBOT = "robot@p.iam.gserviceaccount.com"
LOGIN = "gcloud auth application-default login"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
  """No credentials are found unless a test leaves some."""
  for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT"):
    monkeypatch.delenv(name, raising=False)
  monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
  (tmp_path / "gcloud").mkdir()


@pytest.fixture
def tokens():
  return Tokens()


@pytest.fixture
def endpoint(tokens, monkeypatch):
  """Google's token endpoints: for logins, keys and impersonation."""

  def answer(request: Request) -> Response:
    given = tokens.issue()
    if request.path.endswith(":generateAccessToken"):
      late = "2099-01-01T00:00:00Z"
      named = {"accessToken": given["access_token"], "expireTime": late}
      return Response.json(named)
    return Response.json(given)

  with Server(answer) as server:
    override = "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS"
    monkeypatch.setenv(override, server.url)
    yield server


@pytest.fixture
def logged_in(endpoint, tmp_path):
  return _write(tmp_path / "login.json", login(f"{endpoint.url}/token"))


@pytest.fixture(scope="module")
def key():
  made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
  return made.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
  ).decode()


@pytest.fixture
def robot(endpoint, key, tmp_path):
  told = {
    "type": "service_account",
    "project_id": "robots-project",
    "private_key_id": "1",
    "private_key": key,
    "client_email": ROBOT,
    "token_uri": f"{endpoint.url}/token",
  }
  return _write(tmp_path / "robot.json", told)


def _write(path, value):
  path.write_text(json.dumps(value))
  return str(path)


def _credentials(project="p", **settings):
  return authenticator.credentials(GoogleSettings(**settings), project)


def test_a_named_file_is_used_in_place_of_the_usual_one(logged_in, tokens):
  found = _credentials(credentials_file=logged_in)
  assert tokens.valid(found.token())
  assert found.project == "p"


def test_the_usual_variable_names_a_file(logged_in, tokens, monkeypatch):
  monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", logged_in)
  assert tokens.valid(_credentials().token())


def test_a_service_account_is_known_by_its_email_and_its_project(robot, tokens):
  found = _credentials(None, credentials_file=robot)
  assert (found.principal, found.project) == (ROBOT, "robots-project")
  assert tokens.valid(found.token())


def test_another_project_than_that_of_the_credentials_is_no_error(robot):
  assert _credentials("other", credentials_file=robot).project == "other"


def test_a_service_account_can_be_acted_as(logged_in, tokens, endpoint):
  found = _credentials(credentials_file=logged_in, impersonate=ROBOT)
  assert found.principal == ROBOT
  assert tokens.valid(found.token())
  assert endpoint.requests[-1].path.endswith(f"{ROBOT}:generateAccessToken")


def test_a_login_that_gcloud_left_is_found_and_gcloud_is_not_started(
  tmp_path, monkeypatch
):
  told = {
    "type": "authorized_user",
    "client_id": "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur"
    ".apps.googleusercontent.com",
    "client_secret": "s",
    "refresh_token": "r",
    "token": "good",
    "expiry": "2099-01-01T00:00:00Z",
    "account": "me@example.com",
  }
  _write(tmp_path / "gcloud" / "application_default_credentials.json", told)
  _fake_gcloud(tmp_path, monkeypatch, "touch started")
  monkeypatch.chdir(tmp_path)
  found = _credentials()
  assert (found.principal, found.token()) == ("me@example.com", "good")
  assert not (tmp_path / "started").exists()


def test_a_machine_of_googles_has_an_account_of_its_own(metadata):
  script = (
    "from keras_remote_gcp import authenticator\n"
    "from keras_remote_gcp.settings import GoogleSettings\n"
    "found = authenticator.credentials(GoogleSettings(), None)\n"
    "print(found.principal, found.project, found.token())\n"
  )
  done = subprocess.run(
    [sys.executable, "-c", script],
    env={**os.environ, **metadata.job_environ},
    capture_output=True,
    text=True,
    check=True,
  )
  principal, project, token = done.stdout.split()
  assert (principal, project) == (metadata.email, metadata.project)
  assert metadata.valid(token)


def test_a_token_is_asked_for_once_and_again_when_it_is_over(
  logged_in, tokens, endpoint
):
  found = _credentials(credentials_file=logged_in)
  assert found.token() == found.token() == found.google.token
  assert len(endpoint.requests) == 1
  tokens.lifetime = 1
  short = _credentials(credentials_file=logged_in)
  assert short.token() != short.token()


def test_many_threads_share_one_renewal(logged_in, endpoint):
  found = _credentials(credentials_file=logged_in)
  found.google.expiry = None
  found.google.token = None
  threads = [threading.Thread(target=found.token) for _ in range(8)]
  for each in threads:
    each.start()
  for each in threads:
    each.join()
  assert len(endpoint.requests) == 2


def test_a_token_shows_in_no_text(logged_in):
  found = _credentials(credentials_file=logged_in)
  assert found.token() not in f"{found!r} {found}"


def test_who_is_not_logged_in_is_told_how(tmp_path):
  script = (
    "from keras_remote_gcp import authenticator\n"
    "from keras_remote_gcp.settings import GoogleSettings\n"
    "try:\n"
    "  authenticator.credentials(GoogleSettings(), 'p')\n"
    "except Exception as error:\n"
    "  print(type(error).__name__, error.remedy, sep=': ')\n"
  )
  done = subprocess.run(
    [sys.executable, "-c", script],
    env={**os.environ, "NO_GCE_CHECK": "true"},
    capture_output=True,
    text=True,
    check=True,
  )
  assert done.stdout.strip() == f"{NoCredentials.__name__}: {LOGIN}"


def test_no_project_anywhere_is_an_error_with_the_variable(logged_in):
  with pytest.raises(WrongProject) as caught:
    _credentials(None, credentials_file=logged_in)
  assert caught.value.remedy == "export KERAS_REMOTE_PROJECT=your-project"


def test_a_project_in_googles_own_variable_is_one(logged_in, monkeypatch):
  monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "usual")
  assert _credentials(None, credentials_file=logged_in).project == "usual"


@pytest.mark.parametrize(
  "text",
  [
    "no json",
    "[]",
    '{"type": "unheard_of"}',
    '{"type": "service_account"}',
    '{"type": "authorized_user"}',
    '{"type": "service_account", "client_email": "a", "token_uri": "b",'
    ' "private_key": "no key"}',
  ],
)
def test_a_file_of_a_wrong_shape_is_named(tmp_path, text):
  path = tmp_path / "wrong.json"
  path.write_text(text)
  with pytest.raises(BadCredentialsFile, match=str(path)):
    _credentials(credentials_file=str(path))


def test_a_file_that_is_missing_is_named(tmp_path, monkeypatch):
  path = str(tmp_path / "absent.json")
  monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
  with pytest.raises(BadCredentialsFile, match=path):
    _credentials()


def test_a_login_that_is_over_is_repeated(logged_in, endpoint):
  told = {"error": "invalid_grant", "error_description": "rapt_required"}
  _refuse(endpoint, 400, told)
  with pytest.raises(ExpiredCredentials, match="expired") as caught:
    _credentials(credentials_file=logged_in)
  assert caught.value.remedy == LOGIN


def test_a_key_that_was_deleted_is_replaced(robot, endpoint):
  told = {"error": "invalid_grant", "error_description": "account not found"}
  _refuse(endpoint, 400, told)
  with pytest.raises(ExpiredCredentials, match=ROBOT) as caught:
    _credentials(credentials_file=robot)
  assert f"keys create key.json --iam-account={ROBOT}" in caught.value.remedy


def test_who_may_not_act_as_an_account_is_told_the_role(logged_in, endpoint):
  denied = {"error": {"code": 403, "message": "Permission denied"}}
  fault = Fault(
    path=".*generateAccessToken", status=403, body=json.dumps(denied).encode()
  )
  endpoint.faults.inject(fault)
  with pytest.raises(ImpersonationRefused, match=ROBOT) as caught:
    _credentials(credentials_file=logged_in, impersonate=ROBOT)
  assert "roles/iam.serviceAccountTokenCreator" in caught.value.remedy


def test_a_network_that_is_down_is_not_taken_for_a_bad_login(
  logged_in, endpoint
):
  with endpoint.down(), pytest.raises(MissingCredentials) as caught:
    _credentials(credentials_file=logged_in)
  assert type(caught.value) is MissingCredentials
  assert "network" in caught.value.remedy


def test_other_credentials_are_none_for_google():
  with pytest.raises(MissingCredentials, match="on behalf of me"):
    google_of(Credentials(principal="me"))
  with pytest.raises(MissingCredentials, match="nobody"):
    google_of(None)


ASKING = """
from keras_remote_core import reporting
from keras_remote_core.model import Place
from keras_remote_core.roles import Context
from keras_remote_gcp.authenticator import google
from keras_remote_gcp.settings import GoogleSettings
from pathlib import Path

context = Context(
  store_url="gs://b",
  workdir=Path(),
  report=reporting.Silent(),
  place=Place(project="p"),
)
try:
  print(google(GoogleSettings(), context)().project)
except Exception as error:
  print(type(error).__name__)
"""


@pytest.mark.parametrize(
  ("answer", "outcome"),
  [
    (b"y\n", "p"),
    (b"\n", "p"),
    (b"n\n", "NoCredentials"),
    (b"what?\n", "NoCredentials"),
    (b"\x04", "NoCredentials"),
  ],
)
def test_a_person_on_a_terminal_is_offered_the_login(
  logged_in, tmp_path, monkeypatch, answer, outcome
):
  target = tmp_path / "gcloud" / "application_default_credentials.json"
  _fake_gcloud(tmp_path, monkeypatch, f"cp {logged_in} {target}")
  assert _asked(answer) == outcome


def test_a_login_that_fails_leaves_the_error_as_it_was(tmp_path, monkeypatch):
  _fake_gcloud(tmp_path, monkeypatch, "exit 1")
  assert _asked(b"y\n") == "NoCredentials"


def test_nobody_is_asked_where_there_is_no_terminal(tmp_path, monkeypatch):
  _fake_gcloud(tmp_path, monkeypatch, "exit 1")
  done = subprocess.run(
    [sys.executable, "-c", ASKING],
    env={**os.environ, "NO_GCE_CHECK": "true"},
    input="y\n",
    capture_output=True,
    text=True,
    check=True,
  )
  assert (done.stdout, done.stderr) == ("NoCredentials\n", "")


def _asked(answer: bytes) -> str:
  """What becomes of a program whose user types an answer."""
  ours, theirs = pty.openpty()
  with subprocess.Popen(
    [sys.executable, "-c", ASKING],
    env={**os.environ, "NO_GCE_CHECK": "true"},
    stdin=theirs,
    stderr=theirs,
    stdout=subprocess.PIPE,
  ) as program:
    os.close(theirs)
    seen = b""
    while b"now? [Y/n]" not in seen:
      seen += os.read(ours, 1024)
    os.write(ours, answer)
    out, _ = program.communicate(timeout=60)
  os.close(ours)
  assert LOGIN.encode() in seen
  return out.decode().strip()


def _fake_gcloud(folder: Path, monkeypatch, script: str) -> None:
  binary = folder / "bin" / "gcloud"
  binary.parent.mkdir()
  binary.write_text(f"#!/bin/sh\n{script}\n")
  binary.chmod(0o755)
  monkeypatch.setenv("PATH", f"{binary.parent}:{os.environ['PATH']}")


def _refuse(endpoint, status, told):
  body = json.dumps(told).encode()
  fault = Fault(path="/token", times=9, status=status, body=body)
  endpoint.faults.inject(fault)
