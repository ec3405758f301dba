"""The logs of containers, as the API server hands them out."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Iterator, Mapping

from attrs import frozen

from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gke.testing.control.asking import Asked
from keras_remote_gke.testing.control.objects import Object, moment
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import PODS
from keras_remote_gke.testing.control.statuses import (
  bad_request,
  failure,
)
from keras_remote_gke.testing.kubelet.host import ADDRESS
from keras_remote_gke.testing.kubelet.kubelet import Kubelet
from keras_remote_gke.testing.kubelet.log_files import Entry, LogFile
from keras_remote_gke.testing.kubelet.pod_status import inits, mains

_TEXT = {"Content-Type": "text/plain"}
_PORT = 10250


@frozen
class PodLogs:
  """Answers ``GET pods/NAME/log``."""

  registry: Registry
  kubelet: Kubelet

  def answer(self, request: Request, asked: Asked) -> Response:
    pod = self.registry.get(PODS, asked.space, asked.name)
    container = _container(pod, request.query.get("container"))
    file = self._file(pod, container, _true(request.query, "previous"))
    follow = _true(request.query, "follow")
    text = rendered(file.entries(follow), request.query)
    if follow:
      return Response(body=text, headers=_TEXT)
    return Response(body=b"".join(text), headers=_TEXT)

  def _file(self, pod: Object, container: str, previous: bool) -> LogFile:
    """Raises Refused where there is none that could be read."""
    title = pod["metadata"]["name"]
    node = pod["spec"].get("nodeName")
    if node and self.kubelet.is_lost(node):
      raise _unreachable(pod, container)
    life = self.kubelet.life(pod)
    runs = life.containers.get(container) if life else None
    logs = list(runs.logs) if runs else []
    if previous and len(logs) < 2:
      raise bad_request(
        f'previous terminated container "{container}" in pod "{title}" not'
        " found"
      )
    if not logs:
      raise bad_request(
        f'container "{container}" in pod "{title}" is waiting to start:'
        f" {_why(pod, container)}"
      )
    return logs[-2] if previous else logs[-1]


def rendered(
  entries: Iterator[Entry | None], query: Mapping[str, str]
) -> Iterator[bytes]:
  """What a request wants to see of a log, in the parts it comes in."""
  stamped, new_line = _true(query, "timestamps"), True
  left = int(query["limitBytes"]) if "limitBytes" in query else None
  for each in _chosen(entries, query):
    if each is None:
      yield b""
      continue
    text = each.text
    if stamped and new_line:
      text = each.time.encode() + b" " + text
    new_line = not each.partial
    if left is not None:
      text = text[:left]
      left -= len(text)
    if text:
      yield text
    if left == 0:
      return


def _chosen(
  entries: Iterator[Entry | None], query: Mapping[str, str]
) -> Iterator[Entry | None]:
  since = _since(query)
  fresh = (
    each
    for each in entries
    if each is None or since is None or each.time >= since
  )
  if "tailLines" not in query:
    yield from fresh
    return
  count = int(query["tailLines"])
  if count < 0:
    raise bad_request("tailLines must be greater than or equal to 0")
  yield from _tail(fresh, count)


def _tail(
  entries: Iterator[Entry | None], count: int
) -> Iterator[Entry | None]:
  """The last lines of what is there, then what comes after."""
  last: collections.deque[Entry] = collections.deque(maxlen=count)
  for each in entries:
    if each is None:
      break
    last.append(each)
  yield from last
  yield from entries


def _since(query: Mapping[str, str]) -> str | None:
  if told := query.get("sinceTime"):
    then = moment(told)
  elif seconds := query.get("sinceSeconds"):
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(
      seconds=int(seconds)
    )
  else:
    return None
  return then.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _container(pod: Object, asked: str | None) -> str:
  """The container whose log is wanted.

  Raises:
    Refused: the pod has none of that name, or several and none is named.
  """
  title = pod["metadata"]["name"]
  own = [str(each["name"]) for each in mains(pod)]
  known = [*(str(each["name"]) for each in inits(pod)), *own]
  if asked is None:
    annotations = pod["metadata"].get("annotations") or {}
    asked = annotations.get("kubectl.kubernetes.io/default-container")
  if asked is None and len(known) == 1:
    return own[0]
  if asked is None:
    raise bad_request(
      f"a container name must be specified for pod {title}, choose one of:"
      f" [{' '.join(own)}]"
    )
  if asked not in known:
    raise bad_request(f"container {asked} is not valid for pod {title}")
  return asked


def _why(pod: Object, container: str) -> str:
  status = pod["status"]
  for each in [
    *(status.get("initContainerStatuses") or []),
    *(status.get("containerStatuses") or []),
  ]:
    if each["name"] == container:
      return str(each["state"].get("waiting", {}).get("reason", ""))
  return "ContainerCreating"


def _unreachable(pod: Object, container: str) -> Exception:
  path = "/".join(
    (pod["metadata"]["namespace"], pod["metadata"]["name"], container)
  )
  url = f"https://{ADDRESS}:{_PORT}/containerLogs/{path}"
  message = (
    f'Get "{url}": dial tcp {ADDRESS}:{_PORT}: connect: connection refused'
  )
  refused = failure(500, "", message)
  del refused.status["reason"]
  return refused


def _true(query: Mapping[str, str], key: str) -> bool:
  return query.get(key, "").lower() in ("1", "true")
