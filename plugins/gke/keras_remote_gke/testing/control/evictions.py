"""``POST pods/NAME/eviction``: how drains take pods from their nodes."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gke.testing.control.asking import Asked
from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import PODS

_SUCCESS = {
  "kind": "Status",
  "apiVersion": "v1",
  "metadata": {},
  "status": "Success",
  "code": 201,
}


@frozen
class Evictions:
  """Evicts whatever it is asked to; there are no disruption budgets."""

  registry: Registry
  evict: Callable[[Object], None]

  def answer(self, request: Request, asked: Asked) -> Response:
    del request
    self.evict(self.registry.get(PODS, asked.space, asked.name))
    return Response.json(_SUCCESS, 201)
