"""The life of one pod on its node."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from keras_remote_gke.testing.control.deleting import Options
from keras_remote_gke.testing.control.objects import (
  Object,
  deleting,
  finished,
  name,
  namespace,
  uid,
)
from keras_remote_gke.testing.control.resources import PODS
from keras_remote_gke.testing.control.statuses import Refused
from keras_remote_gke.testing.controllers.events import Source
from keras_remote_gke.testing.kubelet import pod_status, volumes
from keras_remote_gke.testing.kubelet.container import Container
from keras_remote_gke.testing.kubelet.host import ADDRESS, Host
from keras_remote_gke.testing.kubelet.pod_status import (
  Ending,
  Standing,
  sidecar,
)
from keras_remote_gke.testing.kubelet.volumes import NotMounted

_LOST = {
  "exitCode": 137,
  "reason": "ContainerStatusUnknown",
  "message": "The container could not be located when the pod was terminated",
  "startedAt": None,
  "finishedAt": None,
}


class PodLife:
  """From its node's first look at a pod to the pod's last status.

  Attributes:
    stopping: nothing is started any more.
    nudges: how often something may have changed.
    containers: those that were started, by name.
  """

  def __init__(self, host: Host, pod: Object) -> None:
    self.host, self.pod = host, pod
    self.folder = host.folder / uid(pod)
    self.places: dict[str, Path] = {}
    self.standing = pod_status.initial(pod)
    self.stopping, self.nudges = False, 0
    self.containers: dict[str, Container] = {}
    self._ending: Ending | None = None
    self._deadline: float | None = None
    self._silent = self._sandbox = self._over = False
    self._changed = threading.Condition()
    self._thread = threading.Thread(target=self._live, daemon=True)

  @property
  def node(self) -> str:
    return str(self.pod["spec"]["nodeName"])

  def start(self) -> None:
    self._thread.start()

  def join(self) -> None:
    self._thread.join()

  @property
  def ended(self) -> bool:
    return not self._thread.is_alive()

  def stop(self, grace: float, ending: Ending | None = None) -> None:
    """Asks every container to end, and ends those that do not in time."""
    deadline = time.monotonic() + grace
    with self._changed:
      first, self.stopping = not self.stopping, True
      self._ending = self._ending or ending
      self._deadline = min(self._deadline or deadline, deadline)
      self._changed.notify_all()
    for each in list(self.containers.values()) if first else ():
      if not each.ended:
        self.say(
          "Normal", "Killing", f"Stopping container {each.name}", each.name
        )
        each.terminate()

  def silence(self) -> None:
    """Ends the pod as its node ends: at once, and nobody hears of it."""
    self._silent = True
    self.stop(0.0)
    for each in list(self.containers.values()):
      each.kill()

  def nudge(self) -> None:
    """Has whoever waits for something look again."""
    with self._changed:
      self.nudges += 1
      self._changed.notify_all()

  def clean(self) -> None:
    shutil.rmtree(self.folder, ignore_errors=True)

  def stand(self, container: str, standing: Standing) -> None:
    """Publishes how a container stands now."""
    with self._changed:
      self.standing[container] = standing
      all_ended = all(e.code is not None for e in self.standing.values())
    # What then follows at once is a restart, or the pod's end.
    if not all_ended:
      self._publish()
    self.nudge()

  def pause(self, seconds: float) -> bool:
    """Waits; returns early, and True, where the pod is being stopped."""
    with self._changed:
      return self._changed.wait_for(lambda: self.stopping, seconds)

  def await_change(self, nudges: int) -> bool:
    """Waits for another nudge than those; returns whether it is a stop."""
    with self._changed:
      self._changed.wait_for(lambda: self.stopping or self.nudges > nudges)
      return self.stopping

  def say(
    self, kind: str, reason: str, message: str, container: str = ""
  ) -> None:
    if not self._silent:
      field = f"spec.containers{{{container}}}" if container else ""
      source = Source("kubelet", self.node)
      self.host.recorder.say(self.pod, source, kind, reason, message, field)

  def _live(self) -> None:
    self._publish()
    if self._mount():
      self._sandbox = True
      self._run()
    self._end_all()
    self._over, self._sandbox = True, False
    self._publish()
    self._release()

  def _mount(self) -> bool:
    """Makes the pod's volumes; False where it is stopped before."""
    while not self.stopping:
      nudges = self.nudges
      try:
        around = self.host.surroundings(self.pod)
        self.places = volumes.mount(self.folder / "volumes", around)
        return True
      except NotMounted as error:
        self.say("Warning", "FailedMount", str(error))
        self.await_change(nudges)
    return False

  def _run(self) -> None:
    if all(self._initialize(each) for each in pod_status.inits(self.pod)):
      mains = [self._begin(e, False) for e in pod_status.mains(self.pod)]
      self._until(lambda: all(each.ended for each in mains))

  def _initialize(self, spec: Object) -> bool:
    """Runs an init container until the next may start; False: none may."""
    init = self._begin(spec, True)
    if sidecar(spec):
      self._until(lambda: self.standing[init.name].running or init.ended)
      return not self.stopping
    self._until(lambda: init.ended)
    return self.standing[init.name].code == 0 and not self.stopping

  def _begin(self, spec: Object, init: bool) -> Container:
    made = Container(self, spec, init)
    if self.stopping:
      made.ended = True
    else:
      self.containers[made.name] = made
      made.start()
    return made

  def _until(self, met: Callable[[], bool]) -> None:
    """Waits until something holds, or until nothing runs after a stop."""
    while not met():
      with self._changed:
        left = None
        if self.stopping:
          if all(each.ended for each in self.containers.values()):
            return
          left = max(0.0, (self._deadline or 0.0) - time.monotonic())
        if left != 0.0 and not met():
          self._changed.wait(left)
      if left == 0.0:
        self._kill()
        return

  def _kill(self) -> None:
    for each in self.containers.values():
      each.kill()
      each.join()

  def _end_all(self) -> None:
    """Ends sidecars, and whatever else still runs."""
    if not all(each.ended for each in self.containers.values()):
      grace = self.pod["spec"]["terminationGracePeriodSeconds"]
      self.stop(float(grace))
      self._until(lambda: all(e.ended for e in self.containers.values()))
    if self.stopping:
      for title, standing in self.standing.items():
        if standing.code is None:
          lost = {"terminated": {**_LOST}}
          self.standing[title] = Standing(state=lost)

  def _publish(self) -> None:
    if self._silent:
      return
    with contextlib.suppress(Refused):
      self.host.registry.update(
        PODS, namespace(self.pod), name(self.pod), self._told, part="status"
      )

  def _told(self, item: Object) -> Object:
    if uid(item) != uid(self.pod) or finished(item):
      return item
    status = pod_status.status(
      item,
      self.standing,
      over=self._over,
      sandbox=self._sandbox,
      address=ADDRESS,
      ending=self._ending if self._over else None,
    )
    return {**item, "status": status}

  def _release(self) -> None:
    """Lets the API forget a pod that was deleted while it ran."""
    registry = self.host.registry
    found = registry.state.get(PODS, namespace(self.pod), name(self.pod))
    if self._silent or found is None or not deleting(found):
      return
    options = Options(grace=0, uid=uid(self.pod))
    with contextlib.suppress(Refused):
      registry.delete(PODS, namespace(found), name(found), options)
