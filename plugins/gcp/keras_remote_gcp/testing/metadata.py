"""The metadata server of a Google machine, and the endpoint for its users."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.running import Running
from keras_remote_gcp.testing.server import Server
from keras_remote_gcp.testing.tokens import Tokens

_ROOT = "/computeMetadata/v1/"
_ACCOUNTS = f"{_ROOT}instance/service-accounts/"
_FLAVOR = {"Metadata-Flavor": "Google"}
_TEXT = {**_FLAVOR, "Content-Type": "application/text"}


class MetadataServer(Running):
  """Gives tokens: to jobs as the metadata server, to users for a login.

  Attributes:
    server: with its faults and requests.
    tokens: what was given; ``tokens.revoke()`` makes all of it bad.
  """

  def __init__(
    self,
    project: str = "emulated-project",
    number: int = 123456789012,
    email: str = "job@emulated-project.iam.gserviceaccount.com",
    zone: str = "us-central1-a",
    tokens: Tokens | None = None,
  ) -> None:
    self.project, self.number, self.email = project, number, email
    self.zone = zone
    self.tokens = tokens or Tokens()
    self.server = Server(self._answer)
    self._folder = tempfile.TemporaryDirectory(prefix="keras-remote-login-")

  @property
  def environ(self) -> dict[str, str]:
    """What makes ``google.auth.default()`` find a user's login here.

    google-auth reads the metadata server's address once, when it is imported;
    a login it finds at any time.
    """
    return {
      **self.job_environ,
      "GOOGLE_APPLICATION_CREDENTIALS": str(self._login()),
      "GOOGLE_CLOUD_PROJECT": self.project,
    }

  @property
  def job_environ(self) -> dict[str, str]:
    """What lets a process believe that it runs on a Google machine."""
    host = f"127.0.0.1:{self.server.port}"
    return {"GCE_METADATA_HOST": host, "GCE_METADATA_IP": host}

  @property
  def lifetime(self) -> float:
    """Seconds that the tokens given from now on are good for."""
    return self.tokens.lifetime

  @lifetime.setter
  def lifetime(self, seconds: float) -> None:
    self.tokens.lifetime = seconds

  def valid(self, token: str) -> bool:
    return self.tokens.valid(token)

  def start(self) -> None:
    self.server.start()

  def stop(self) -> None:
    self.server.stop()
    self._folder.cleanup()

  def _login(self) -> Path:
    """The file of a user whose tokens come from here."""
    path = Path(self._folder.name) / "login.json"
    path.write_text(json.dumps(login(f"{self.server.url}/token")))
    return path

  def _answer(self, request: Request) -> Response:
    if request.path == "/token":
      return Response.json(self.tokens.issue())
    if request.headers.get("metadata-flavor") != "Google":
      return Response(status=403, body=b"Missing Metadata-Flavor:Google header")
    return self._metadata(request)

  def _metadata(self, request: Request) -> Response:
    account, _, what = request.path.removeprefix(_ACCOUNTS).partition("/")
    if request.path.startswith(_ACCOUNTS) and account in (
      "default",
      self.email,
    ):
      return self._account(what)
    text = {
      "/": "computeMetadata/\n",
      f"{_ROOT}project/project-id": self.project,
      f"{_ROOT}project/numeric-project-id": str(self.number),
      f"{_ROOT}instance/zone": f"projects/{self.number}/zones/{self.zone}",
      f"{_ROOT}universe/universe-domain": "googleapis.com",
    }.get(request.path)
    if text is None:
      return Response(status=404, headers=_FLAVOR)
    return Response(body=text.encode(), headers=_TEXT)

  def _account(self, what: str) -> Response:
    if what == "email":
      return Response(body=self.email.encode(), headers=_TEXT)
    if what == "token":
      return Response.json(self.tokens.issue(), headers=_FLAVOR)
    if what == "":
      told = {"aliases": ["default"], "email": self.email, "scopes": []}
      return Response.json(told, headers=_FLAVOR)
    return Response(status=404, headers=_FLAVOR)


def login(token_url: str) -> dict[str, str]:
  """Credentials of a user that some endpoint exchanges for tokens."""
  pool = "//iam.googleapis.com/locations/global/workforcePools/emulated"
  return {
    "type": "external_account_authorized_user",
    "audience": f"{pool}/providers/emulated",
    "client_id": "emulated",
    "client_secret": "emulated",
    "refresh_token": "emulated",
    "token_url": token_url,
  }
