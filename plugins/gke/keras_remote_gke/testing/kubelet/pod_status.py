"""A pod's status from how its containers stand; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from keras_remote_gke.testing.control.objects import Object, now
from keras_remote_gke.testing.kubelet.images import full

_OWNED = (
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
)
DISRUPTED = "DisruptionTarget"


@frozen(kw_only=True)
class Standing:
  """How one container stands.

  Args:
    state: with one key: ``waiting``, ``running`` or ``terminated``.
    last: the state in which its latest run ended.
    ready: of one that runs: whether its readiness probe has said so.
  """

  state: Object
  last: Object = field(factory=dict)
  ready: bool = True
  restarts: int = 0
  id: str = ""
  image_id: str = ""

  @property
  def running(self) -> bool:
    return "running" in self.state

  @property
  def code(self) -> int | None:
    """The exit code of a container that has ended."""
    ended = self.state.get("terminated")
    return None if ended is None else int(ended["exitCode"])

  def waiting(self, reason: str, message: str = "") -> Standing:
    told = {"reason": reason, "message": message}
    return evolve(self, state={"waiting": {k: v for k, v in told.items() if v}})


@frozen(kw_only=True)
class Ending:
  """Why a whole pod failed, where its containers do not say."""

  reason: str
  message: str


def sidecar(container: Object) -> bool:
  return container.get("restartPolicy") == "Always"


def inits(pod: Object) -> list[Object]:
  return pod["spec"].get("initContainers") or []


def mains(pod: Object) -> list[Object]:
  found: list[Object] = pod["spec"]["containers"]
  return found


def initial(pod: Object) -> dict[str, Standing]:
  """How every container of a pod stands before anything is started."""
  reason = "PodInitializing" if inits(pod) else "ContainerCreating"
  waiting = Standing(state={"waiting": {"reason": reason}})
  return {each["name"]: waiting for each in [*inits(pod), *mains(pod)]}


def phase(pod: Object, stand: Mapping[str, Standing], over: bool) -> str:
  """A pod's phase; ``over``: none of its containers starts again."""
  if not over and not _initialized(pod, stand):
    return "Pending"
  found = [stand[each["name"]] for each in mains(pod)]
  if any(each.running for each in found):
    return "Running"
  if over:
    codes = [each.code for each in found]
    return "Succeeded" if all(code == 0 for code in codes) else "Failed"
  fresh = [e for e in found if "waiting" in e.state and not e.last]
  return "Pending" if fresh else "Running"


def _initialized(pod: Object, stand: Mapping[str, Standing]) -> bool:
  """Whether no init container is left to be waited for."""
  begun = any("waiting" not in stand[each["name"]].state for each in mains(pod))
  return begun or all(_initial(each, stand) for each in inits(pod))


def _initial(container: Object, stand: Mapping[str, Standing]) -> bool:
  """Whether an init container lets the next container start."""
  own = stand[container["name"]]
  return own.running if sidecar(container) else own.code == 0


def status(
  pod: Object,
  stand: Mapping[str, Standing],
  *,
  over: bool,
  sandbox: bool,
  address: str,
  ending: Ending | None = None,
) -> Object:
  """The whole status of a pod on a node.

  Args:
    over: whether none of its containers starts again.
    sandbox: whether its network is there.
    ending: what made it fail from outside.
  """
  old = pod["status"]
  reached = "Failed" if ending else phase(pod, stand, over)
  made: Object = {
    **old,
    "observedGeneration": pod["metadata"]["generation"],
    "phase": reached,
    "conditions": _conditions(pod, stand, reached, sandbox),
    "hostIP": address,
    "hostIPs": [{"ip": address}],
    "startTime": old.get("startTime") or now(),
    "containerStatuses": [_container(e, stand, reached) for e in mains(pod)],
  }
  if inits(pod):
    made["initContainerStatuses"] = [
      _container(e, stand, reached, True) for e in inits(pod)
    ]
  if sandbox or old.get("podIP"):
    made.update(podIP=address, podIPs=[{"ip": address}])
  if ending:
    made.update(reason=ending.reason, message=ending.message)
  return made


def _container(
  container: Object,
  stand: Mapping[str, Standing],
  reached: str,
  init: bool = False,
) -> Object:
  own = stand[container["name"]]
  ready = own.running and own.ready and reached == "Running"
  if init and not sidecar(container):
    ready = own.code == 0
  made = {
    "name": container["name"],
    "state": own.state,
    "lastState": own.last,
    "ready": ready,
    "restartCount": own.restarts,
    "image": full(container["image"]) if own.image_id else container["image"],
    "imageID": own.image_id,
    "started": own.running,
  }
  if own.id:
    made["containerID"] = own.id
  return made


def _conditions(
  pod: Object, stand: Mapping[str, Standing], reached: str, sandbox: bool
) -> list[Object]:
  old = {each["type"]: each for each in pod["status"].get("conditions") or []}
  told = _told(pod, stand, reached, sandbox)
  foreign = [each for kind, each in old.items() if kind not in _OWNED]
  generation = pod["metadata"]["generation"]
  made = []
  for kind in _OWNED:
    value, reason, message = told.get(kind, ("True", "", ""))
    before = old.get(kind, {})
    since = before.get("lastTransitionTime")
    new = {
      "type": kind,
      "observedGeneration": generation,
      "status": value,
      "lastProbeTime": None,
      "lastTransitionTime": since if before.get("status") == value else now(),
      "reason": reason,
      "message": message,
    }
    made.append({k: v for k, v in new.items() if v or k == "lastProbeTime"})
  return [*foreign, *made]


def _told(
  pod: Object, stand: Mapping[str, Standing], reached: str, sandbox: bool
) -> dict[str, tuple[str, str, str]]:
  """Status, reason and message of the conditions that kubelets set."""
  ready = _ready(pod, stand, reached)
  return {
    "PodReadyToStartContainers": ("True" if sandbox else "False", "", ""),
    "Initialized": _told_initialized(pod, stand, reached),
    "Ready": ready,
    "ContainersReady": ready,
  }


def _ready(
  pod: Object, stand: Mapping[str, Standing], reached: str
) -> tuple[str, str, str]:
  if reached == "Succeeded":
    return "False", "PodCompleted", ""
  if reached == "Failed":
    return "False", "PodFailed", ""
  needed = [e["name"] for e in inits(pod) if sidecar(e)]
  needed += [each["name"] for each in mains(pod)]
  missing = [
    each for each in needed if not (stand[each].running and stand[each].ready)
  ]
  if reached == "Pending":
    missing = needed
  if not missing:
    return "True", "", ""
  told = f"containers with unready status: {_list(missing)}"
  return "False", "ContainersNotReady", told


def _told_initialized(
  pod: Object, stand: Mapping[str, Standing], reached: str
) -> tuple[str, str, str]:
  if reached == "Succeeded":
    return "True", "PodCompleted", ""
  if _initialized(pod, stand):
    return "True", "", ""
  left = [each["name"] for each in inits(pod) if not _initial(each, stand)]
  told = f"containers with incomplete status: {_list(left)}"
  return "False", "ContainersNotInitialized", told


def _list(names: Iterable[str]) -> str:
  """Names as Go prints a list of them."""
  return f"[{' '.join(names)}]"
