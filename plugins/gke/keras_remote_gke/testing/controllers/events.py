"""Events: what the parts of a cluster say about its objects."""

from __future__ import annotations

import contextlib
import datetime
import threading
import time

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  micro,
  name,
  namespace,
  now,
  uid,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import EVENTS
from keras_remote_gke.testing.control.statuses import Refused


@frozen
class Source:
  """Who says something: a component, and on which node."""

  component: str
  host: str = ""


class Recorder:
  """Writes events; one that is said again is counted."""

  def __init__(self, registry: Registry) -> None:
    self._registry = registry
    self._said: dict[tuple[str, ...], str] = {}
    self._lock = threading.Lock()

  def say(
    self,
    about: Object,
    source: Source,
    kind: str,
    reason: str,
    message: str,
    field: str = "",
  ) -> None:
    """Says something as kubelets and most controllers do.

    Args:
      field: the part of the object that it is about.
    """
    key = (uid(about), source.component, reason, message, field)
    with self._lock, contextlib.suppress(Refused):
      if key in self._said:
        self._count(namespace(about), self._said[key])
        return
      item = _event(about, kind, reason, message, field)
      host = {"host": source.host} if source.host else {}
      made = self._registry.create(
        EVENTS,
        {
          **item,
          "source": {"component": source.component, **host},
          "firstTimestamp": now(),
          "lastTimestamp": now(),
          "count": 1,
          "eventTime": None,
          "reportingComponent": source.component,
          "reportingInstance": source.host,
        },
      )
      self._said[key] = name(made)

  def report(
    self, about: Object, kind: str, reason: str, message: str, action: str
  ) -> None:
    """Says something as the scheduler does, which uses the newer API.

    Such an event has no time but ``eventTime``, and no count.
    """
    item = _event(about, kind, reason, message, "")
    component = "default-scheduler"
    with contextlib.suppress(Refused):
      self._registry.create(
        EVENTS,
        {
          **item,
          "source": {},
          "firstTimestamp": None,
          "lastTimestamp": None,
          "eventTime": micro(datetime.datetime.now(datetime.UTC)),
          "action": action,
          "reportingComponent": component,
          "reportingInstance": f"{component}-control-plane",
        },
      )

  def _count(self, space: str, title: str) -> None:
    def again(item: Object) -> Object:
      return {**item, "count": item["count"] + 1, "lastTimestamp": now()}

    self._registry.update(EVENTS, space, title, again)


def _event(
  about: Object, kind: str, reason: str, message: str, field: str
) -> Object:
  space = namespace(about) or "default"
  involved = {
    "kind": about["kind"],
    "namespace": namespace(about),
    "name": name(about),
    "uid": uid(about),
    "apiVersion": about["apiVersion"],
    "resourceVersion": about["metadata"]["resourceVersion"],
    "fieldPath": field,
  }
  return {
    "metadata": {
      "name": f"{name(about)}.{time.time_ns():x}",
      "namespace": space,
    },
    "involvedObject": {k: v for k, v in involved.items() if v},
    "type": kind,
    "reason": reason,
    "message": message,
  }
