"""One container of a pod: pulled, configured, started, restarted."""

from __future__ import annotations

import contextlib
import shutil
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from attrs import evolve

from keras_remote_gke.testing.control.objects import Object, name, now, uid
from keras_remote_gke.testing.kubelet.environment import NotConfigured
from keras_remote_gke.testing.kubelet.host import Host
from keras_remote_gke.testing.kubelet.images import Image, NoImage
from keras_remote_gke.testing.kubelet.log_files import LogFile
from keras_remote_gke.testing.kubelet.pod_status import Standing, sidecar
from keras_remote_gke.testing.kubelet.preparing import Prepared, Preparing
from keras_remote_gke.testing.kubelet.probes import Prober
from keras_remote_gke.testing.kubelet.process import Process
from keras_remote_gke.testing.kubelet.termination import message

_FIRST, _LONGEST = 10.0, 300.0
_EPOCH = "1970-01-01T00:00:00Z"
_UNSTARTED = 128


class Owner(Protocol):
  """What a container needs of the pod that it is part of."""

  host: Host
  pod: Object
  folder: Path
  places: dict[str, Path]
  standing: dict[str, Standing]
  stopping: bool

  nudges: int

  def stand(self, container: str, standing: Standing) -> None: ...
  def pause(self, seconds: float) -> bool: ...
  def await_change(self, nudges: int) -> bool: ...
  def nudge(self) -> None: ...
  def say(
    self, kind: str, reason: str, message: str, container: str
  ) -> None: ...


class Container:
  """Runs on a thread of its own until it ends for good or is stopped.

  Attributes:
    logs: of each of its runs.
    starved: whether its next end is the kernel's, for want of memory.
    ended: whether it was started, and will not be again.
  """

  def __init__(self, owner: Owner, spec: Object, init: bool) -> None:
    self.spec, self.logs = spec, list[LogFile]()
    self.starved = self.ended = self._doomed = False
    self._owner, self._init = owner, init
    self._process: Process | None = None
    self._lock = threading.Lock()
    self._thread = threading.Thread(target=self._live, daemon=True)

  @property
  def name(self) -> str:
    return str(self.spec["name"])

  def start(self) -> None:
    self._thread.start()

  def join(self) -> None:
    if self._thread.ident is not None:
      self._thread.join()

  def terminate(self) -> None:
    with self._lock:
      if self._process:
        self._process.terminate()

  def kill(self) -> None:
    with self._lock:
      self._doomed = self._process is None
      if self._process:
        self._process.kill()

  def _live(self) -> None:
    try:
      while not self._owner.stopping:
        prepared = self._prepared()
        if prepared is None:
          return
        code = self._run(prepared)
        if not self._restarts(code) or not self._back_off():
          return
    finally:
      self.ended = True
      self._owner.nudge()

  def _prepared(self) -> Prepared | None:
    """What to start; None where the pod is stopped before it is known."""
    image, owner = self._pulled(), self._owner
    preparing = Preparing(
      host=owner.host, pod=owner.pod, folder=self._folder, places=owner.places
    )
    while image is not None:
      nudges = self._owner.nudges
      try:
        return preparing.prepared(self.spec, image)
      except NotConfigured as error:
        self._wait("CreateContainerConfigError", str(error))
        self._say("Warning", "Failed", f"Error: {error}")
        if self._owner.await_change(nudges):
          return None
    return None

  def _pulled(self) -> Image | None:
    reference, delay = self.spec["image"], _FIRST
    pace = self._owner.host.pace
    while True:
      try:
        return self._pull(reference)
      except NoImage as error:
        self._pull_failed(reference, str(error))
        if self._owner.pause(pace.seconds(1.0)):
          return None
        told = f'Back-off pulling image "{reference}"'
        self._say("Normal", "BackOff", told)
        self._say("Warning", "Failed", "Error: ImagePullBackOff")
        self._wait("ImagePullBackOff", f"{told}: ErrImagePull: {error}")
        if self._owner.pause(pace.seconds(delay)):
          return None
        delay = min(2 * delay, _LONGEST)

  def _pull(self, reference: str) -> Image:
    found = self._owner.host.images
    if found.present(reference):
      told = f'Container image "{reference}" already present on machine'
    else:
      self._say("Normal", "Pulling", f'Pulling image "{reference}"')
      told = f'Successfully pulled image "{reference}"'
    image = found.pull(reference)
    self._say("Normal", "Pulled", told)
    return image

  def _pull_failed(self, reference: str, why: str) -> None:
    told = f'Failed to pull image "{reference}": {why}'
    self._say("Warning", "Failed", told)
    self._say("Warning", "Failed", "Error: ErrImagePull")
    self._wait("ErrImagePull", why)

  def _run(self, prepared: Prepared) -> int:
    """One run, from its start to its end."""
    restarts = self._standing.restarts + bool(self.logs)
    log = LogFile(self._folder / "log" / f"{restarts}.log")
    self.logs.append(log)
    base = evolve(
      self._standing,
      restarts=restarts,
      id=f"containerd://{uuid.uuid4().hex}{uuid.uuid4().hex}",
      image_id=prepared.image.id,
    )
    self._say("Normal", "Created", f"Created container: {self.name}")
    if not shutil.which(prepared.command[0], path=prepared.env["PATH"]):
      return self._unstarted(base, prepared.command[0], log)
    started = now()
    process = Process(prepared.command, prepared.env, self._work)
    self._own(process)
    self._say("Normal", "Started", f"Started container {self.name}")
    with self._watched(prepared, base, started):
      log.copy(process.streams)
      code = process.wait()
    self._own(None)
    told = message(self.spec, prepared.told, log, code)
    self._end(base, code, self._reason(code), started, told)
    return code

  @contextlib.contextmanager
  def _watched(
    self, prepared: Prepared, base: Standing, started: str
  ) -> Iterator[None]:
    """Publishes that it runs, and whether it is ready, while it does."""
    running = evolve(base, state={"running": {"startedAt": started}})
    self._stand(evolve(running, ready=prepared.probe is None))
    if prepared.probe is None:
      yield
      return

    def tell(ready: bool) -> None:
      self._stand(evolve(running, ready=ready))

    prober = Prober(prepared.probe, prepared.env, tell)
    prober.start()
    try:
      yield
    finally:
      prober.stop()

  def _own(self, process: Process | None) -> None:
    with self._lock:
      self._process = process
    # Whoever stopped the pod in between did not see the process.
    if process and self._owner.stopping:
      end = process.kill if self._doomed else process.terminate
      end()

  def _unstarted(self, base: Standing, command: str, log: LogFile) -> int:
    log.copy({})
    told = (
      "failed to create containerd task: failed to create shim task: OCI"
      " runtime create failed: runc create failed: unable to start container"
      f' process: error during container init: exec: "{command}": executable'
      " file not found in $PATH"
    )
    self._say("Warning", "Failed", f"Error: {told}")
    self._end(base, _UNSTARTED, "StartError", _EPOCH, told)
    return _UNSTARTED

  def _reason(self, code: int) -> str:
    starved, self.starved = self.starved, False
    if starved:
      return "OOMKilled"
    return "Error" if code else "Completed"

  def _end(
    self, base: Standing, code: int, reason: str, started: str, told: str
  ) -> None:
    ended: dict[str, Any] = {
      "exitCode": code,
      "reason": reason,
      "startedAt": started,
      "finishedAt": now(),
      "containerID": base.id,
    }
    if told:
      ended["message"] = told
    self._stand(evolve(base, state={"terminated": ended}))

  def _restarts(self, code: int) -> bool:
    """Whether it is started again after an end."""
    if self._owner.stopping:
      return False
    policy = self._owner.pod["spec"]["restartPolicy"]
    if self._init:
      return sidecar(self.spec) or bool(code and policy != "Never")
    return policy == "Always" or bool(code and policy == "OnFailure")

  def _back_off(self) -> bool:
    """Waits before the next run; False where the pod is stopped."""
    ended = self._standing
    crashes = len(self.logs) - 1
    seconds = min(_FIRST * 2.0 ** (crashes - 1), _LONGEST) if crashes else 0.0
    whose = f"pod={name(self._owner.pod)}_{self._space}({uid(self._owner.pod)})"
    why = f"back-off {seconds:.0f}s restarting failed container={self.name}"
    if crashes:
      told = f"Back-off restarting failed container {self.name} in {whose}"
      self._say("Warning", "BackOff", told.replace("pod=", "pod "))
    waiting = evolve(ended, last=ended.state)
    self._stand(waiting.waiting("CrashLoopBackOff", f"{why} {whose}"))
    wait = self._owner.host.pace.seconds(seconds)
    return not self._owner.pause(wait)

  def _wait(self, reason: str, told: str) -> None:
    self._stand(self._standing.waiting(reason, told))

  def _stand(self, standing: Standing) -> None:
    self._owner.stand(self.name, standing)

  def _say(self, kind: str, reason: str, told: str) -> None:
    self._owner.say(kind, reason, told, self.name)

  @property
  def _standing(self) -> Standing:
    return self._owner.standing[self.name]

  @property
  def _space(self) -> str:
    return str(self._owner.pod["metadata"]["namespace"])

  @property
  def _folder(self) -> Path:
    return self._owner.folder / "containers" / self.name

  @property
  def _work(self) -> Path:
    folder = self._folder / "work"
    folder.mkdir(exist_ok=True)
    return folder
