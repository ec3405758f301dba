"""From a request to what it asks of which resource; pure."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable

from keras_remote_gcp.testing.messages import Request
from keras_remote_gke.testing.control.asking import Asked
from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.control.statuses import no_such_path

_PATH = re.compile(
  r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>v[^/]+)"
  r"(?:/namespaces/(?P<space>[^/]+)(?=/[^/]+))?"
  r"/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?(?:/(?P<part>[^/]+))?/?"
)
_VERBS = {
  "DELETE": "delete",
  "GET": "get",
  "HEAD": "get",
  "PATCH": "patch",
  "POST": "create",
  "PUT": "update",
}
_OF_MANY = {"delete": "deletecollection", "get": "list"}
_TRUE = ("1", "true", "True")


def path(request: Request) -> str:
  return urllib.parse.unquote(request.path)


def asked(request: Request, resources: Iterable[Resource]) -> Asked | None:
  """What a request asks for; None where its API group is not served.

  Raises:
    Refused: its group has no such resource.
  """
  found = _PATH.fullmatch(path(request))
  if found is None:
    return None
  served = [
    each
    for each in resources
    if (each.group, each.version) == (found["group"] or "", found["version"])
  ]
  if not served:
    return None
  for each in served:
    if each.plural == found["plural"]:
      return Asked(
        verb=_verb(request, found["name"]),
        resource=each,
        space=found["space"] or "",
        name=found["name"] or "",
        part=found["part"] or "",
      )
  raise no_such_path()


def _verb(request: Request, name: str | None) -> str:
  verb = _VERBS[request.method]
  if name:
    return verb
  if verb == "get" and request.query.get("watch") in _TRUE:
    return "watch"
  return _OF_MANY.get(verb, verb)
