"""Google's APIs around a stack, as far as commands ask them."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from keras_remote_gcp.testing import refusals
from keras_remote_gcp.testing.messages import Request, Response

_PASSED = ("authorization", "accept")


@frozen
class Hidden:
  """A Container API whose cluster is there once a stack has made it.

  Args:
    url: of the Container API that knows the cluster.
    there: whether it is made.
    more: what the cluster's description has besides.
  """

  url: str
  there: Callable[[], bool]
  more: Mapping[str, Any] = field(factory=dict)

  def answer(self, request: Request) -> Response:
    if self.there():
      return self._described(_forwarded(self.url, request))
    if request.path.endswith("/clusters"):
      return Response.json({})
    return refusals.no_such(request.path).response()

  def _described(self, answer: Response) -> Response:
    if answer.status != 200 or not isinstance(answer.body, bytes):
      return answer
    told = json.loads(answer.body)
    if "clusters" in told:
      more = [{**each, **self.more} for each in told["clusters"]]
      return Response.json({"clusters": more})
    return Response.json({**told, **self.more})


@frozen
class Repositories:
  """Artifact Registry, as far as it tells which repositories there are."""

  names: set[str] = field(factory=set)

  def answer(self, request: Request) -> Response:
    name = request.path.rpartition("/")[2]
    if name in self.names:
      return Response.json({"name": request.path.removeprefix("/v1/")})
    return refusals.no_such(request.path).response()


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
