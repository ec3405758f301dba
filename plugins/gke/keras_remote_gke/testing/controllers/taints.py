"""What becomes of pods on nodes with taints that they do not tolerate."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable

from keras_remote_gke.testing.control.objects import (
  Object,
  deleting,
  finished,
  name,
  uid,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import NODES, PODS
from keras_remote_gke.testing.controllers import fitting
from keras_remote_gke.testing.controllers.loop import Pace


class TaintManager:
  """Has pods removed once they have tolerated a taint for long enough.

  Args:
    banish: removes a pod, and says why.
  """

  watched = (NODES, PODS)

  def __init__(
    self, registry: Registry, banish: Callable[[Object], None], pace: Pace
  ) -> None:
    self._registry, self._banish, self._pace = registry, banish, pace
    self._since: dict[str, float] = {}

  def sync(self) -> float | None:
    state = self._registry.state
    taints = {
      name(each): each["spec"].get("taints") or [] for each in state.all(NODES)
    }
    delays = [
      self._look_at(pod, taints.get(pod["spec"].get("nodeName"), ()))
      for pod in state.all(PODS)
      if not finished(pod) and not deleting(pod)
    ]
    due = min(delays, default=math.inf)
    return None if math.isinf(due) else due

  def _look_at(self, pod: Object, taints: Iterable[Object]) -> float:
    """Seconds until a pod has to go; infinity where it may stay."""
    pressing = [each for each in taints if each["effect"] == "NoExecute"]
    if not pressing:
      self._since.pop(uid(pod), None)
      return math.inf
    since = self._since.setdefault(uid(pod), time.monotonic())
    patience = min(_patience(pod, each) for each in pressing)
    left = since + self._pace.seconds(patience) - time.monotonic()
    if left > 0:
      return left
    self._banish(pod)
    return math.inf


def _patience(pod: Object, taint: Object) -> float:
  """Seconds that a pod tolerates a taint for."""
  tolerations = [
    each.get("tolerationSeconds", math.inf)
    for each in pod["spec"].get("tolerations") or []
    if fitting.tolerates(each, taint)
  ]
  return max(0.0, min(tolerations)) if tolerations else 0.0
