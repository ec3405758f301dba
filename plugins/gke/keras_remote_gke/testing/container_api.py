"""Google's Container API, as far as it tells where a cluster is."""

from __future__ import annotations

import base64
import collections
import re
from collections.abc import Sequence

from attrs import frozen

from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.tokens import Tokens
from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.nodes import ACCELERATOR, SPOT, TOPOLOGY, Node

_PATH = re.compile(
  r"/v1/projects/([^/]+)/locations/([^/]+)/clusters(?:/([^/]+))?"
)
_MESSAGES = {
  401: (
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access"
    " token, login cookie or other valid authentication credential. See"
    " https://developers.google.com/identity/sign-in/web/devconsole-project.",
  ),
  403: (
    "PERMISSION_DENIED",
    'Required "container.clusters.get" permission(s) for'
    ' "projects/{project}/locations/{location}/clusters/{name}".',
  ),
  404: (
    "NOT_FOUND",
    "Not found: projects/{project}/locations/{location}/clusters/{name}.",
  ),
}


@frozen(kw_only=True)
class ContainerApi:
  """Knows one cluster.

  Args:
    endpoint: the API server's host and port.
    certificate: the PEM of the authority that the API server is of.
    nodes: those that there are.
  """

  project: str
  location: str
  name: str
  endpoint: str
  certificate: bytes
  tokens: Tokens | None
  nodes: Sequence[Node]

  def answer(self, request: Request) -> Response:
    if self.tokens and not self.tokens.allows(request.headers):
      return _refused(401)
    found = _PATH.fullmatch(request.path)
    if found is None:
      return Response(status=404)
    project, location, name = found.groups()
    here = location in (self.location, "-")
    if project != self.project:
      return _refused(403, project=project, location=location, name=name or "-")
    if name is None:
      clusters = [self._cluster()] if here else []
      return Response.json({"clusters": clusters} if clusters else {})
    if not here or name != self.name:
      return _refused(404, project=project, location=location, name=name)
    return Response.json(self._cluster())

  def _cluster(self) -> dict[str, object]:
    path = f"projects/{self.project}/locations/{self.location}"
    return {
      "name": self.name,
      "id": "0123456789abcdef0123456789abcdef",
      "location": self.location,
      "locations": [self.location],
      "status": "RUNNING",
      "currentMasterVersion": "1.36.1-gke.1",
      "nodePools": _pools(self.nodes),
      "endpoint": self.endpoint,
      "masterAuth": {
        "clusterCaCertificate": base64.b64encode(self.certificate).decode()
      },
      "controlPlaneEndpointsConfig": {
        "dnsEndpointConfig": {"allowExternalTraffic": False},
        "ipEndpointsConfig": {
          "enabled": True,
          "enablePublicEndpoint": True,
          "publicEndpoint": self.endpoint,
        },
      },
      "selfLink": f"https://container.googleapis.com/v1/{path}"
      f"/clusters/{self.name}",
    }


def _pools(nodes: Sequence[Node]) -> list[Object]:
  """The node pools of nodes, in their order."""
  counts = collections.Counter(each.pool for each in nodes)
  first = {each.pool: each for each in reversed(nodes)}
  return [_pool(first[name], count) for name, count in counts.items()]


def _pool(node: Node, count: int) -> Object:
  gpus = node.devices.get("nvidia.com/gpu")
  config: Object = {
    "machineType": node.machine,
    "labels": dict(node.labels),
    "spot": node.labels.get(SPOT) == "true",
  }
  if gpus:
    kind = node.labels[ACCELERATOR]
    told = {"acceleratorType": kind, "acceleratorCount": str(gpus)}
    config["accelerators"] = [told]
  made = {
    "name": node.pool,
    "config": config,
    "initialNodeCount": count,
    "status": "RUNNING",
  }
  if node.hosts > 1:
    topology = node.labels[TOPOLOGY]
    made["placementPolicy"] = {"type": "COMPACT", "tpuTopology": topology}
  return made


def _refused(code: int, **names: str) -> Response:
  status, message = _MESSAGES[code]
  told = {"code": code, "message": message.format(**names), "status": status}
  return Response.json({"error": told}, code)
