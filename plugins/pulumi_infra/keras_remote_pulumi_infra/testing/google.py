"""Google's APIs around a stack, as far as commands ask them."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable

from attrs import field, frozen

from keras_remote_gcp.testing.messages import Request, Response

_PASSED = ("authorization", "accept")


@frozen
class Hidden:
  """A Container API whose cluster is there once a stack has made it.

  Args:
    url: of the Container API that knows the cluster.
    there: whether it is made.
  """

  url: str
  there: Callable[[], bool]

  def answer(self, request: Request) -> Response:
    if self.there():
      return _forwarded(self.url, request)
    if request.path.endswith("/clusters"):
      return Response.json({})
    error = {"code": 404, "message": "Not found", "status": "NOT_FOUND"}
    return Response.json({"error": error}, 404)


@frozen
class Repositories:
  """Artifact Registry, as far as it tells which repositories there are."""

  names: set[str] = field(factory=set)

  def answer(self, request: Request) -> Response:
    name = request.path.rpartition("/")[2]
    if name in self.names:
      return Response.json({"name": request.path.removeprefix("/v1/")})
    error = {"code": 404, "message": "not found", "status": "NOT_FOUND"}
    return Response.json({"error": error}, 404)


def _forwarded(url: str, request: Request) -> Response:
  headers = {
    name: value for name, value in request.headers.items() if name in _PASSED
  }
  asked = urllib.request.Request(f"{url}{request.target}", headers=headers)
  try:
    with urllib.request.urlopen(asked) as answer:
      return Response(
        body=answer.read(), headers={"Content-Type": "application/json"}
      )
  except urllib.error.HTTPError as refused:
    with refused:
      return Response(status=refused.code, body=refused.read())
