"""GitHub, as far as it has releases: their files, and the digests of those."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.server import Server

_RELEASE = re.compile(r"/api/v3/repos/(?P<repository>.+)/releases/tags/(.+)")
_FILE = re.compile(r"/(?P<repository>[^/]+/[^/]+)/releases/download/(.+)/(.+)")


class GitHub:
  """A GitHub of one's own.

  Attributes:
    server: its faults and requests.
    digests: whether it tells those of files, as it does since 2025.
  """

  def __init__(self) -> None:
    self.server = Server(self._answer)
    self.digests = True
    self._files: dict[tuple[str, str, str], bytes] = {}
    self._told: dict[tuple[str, str, str], str] = {}

  @property
  def environ(self) -> dict[str, str]:
    return {"KERAS_REMOTE_GITHUB": self.server.url}

  def publish(
    self,
    repository: str,
    version: str,
    content: bytes,
    name: str = "manifests.yaml",
  ) -> None:
    """Puts a file into a release."""
    key = repository, version, name
    self._files[key] = content
    self._told[key] = f"sha256:{hashlib.sha256(content).hexdigest()}"

  def tamper(self, repository: str, version: str, content: bytes) -> None:
    """Has a file changed by somebody whom GitHub does not notice."""
    self._files[repository, version, "manifests.yaml"] = content

  def _answer(self, request: Request) -> Response:
    if found := _RELEASE.fullmatch(request.path):
      return self._release(*found.groups())
    found = _FILE.fullmatch(request.path)
    content = self._files.get(found.groups()) if found else None  # type: ignore[arg-type]
    if content is None:
      return _missing()
    # As it is served: from another address.
    if "at" not in request.query:
      there = f"{self.server.url}{request.path}?at=storage"
      return Response(status=302, headers={"Location": there})
    return Response(body=content)

  def _release(self, repository: str, version: str) -> Response:
    assets = [
      self._asset(key)
      for key in self._files
      if key[:2] == (repository, version)
    ]
    if not assets:
      return _missing()
    return Response.json({"tag_name": version, "assets": assets})

  def _asset(self, key: tuple[str, str, str]) -> dict[str, Any]:
    told = {"name": key[2], "size": len(self._files[key])}
    return {**told, "digest": self._told[key] if self.digests else None}


def _missing() -> Response:
  return Response.json({"message": "Not Found", "status": "404"}, 404)
