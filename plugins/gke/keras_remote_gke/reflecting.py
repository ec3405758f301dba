"""A collection of objects as it changes: listed once, then watched.

What breaks on the way is mended here: a connection that ends is opened again
where it ended, a version that is too old is listed anew, and an API server
that is away is waited for.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from urllib3.exceptions import HTTPError

from keras_remote_core.errors import KerasRemoteError
from keras_remote_gke import answers
from keras_remote_gke.api import Api, Stream
from keras_remote_gke.errors import ClusterError, ClusterUnreachable

_LONGEST = 300
"""Seconds after which the server ends a watch, so that none is stale."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_SHORTEST = 1.0
# The user's own numbers are drawn from the module's generator.
_RANDOM = random.Random()

Objects = Mapping[str, Mapping[str, Any]]
Tell = Callable[[Objects | KerasRemoteError], None]


class _Expired(Exception):
  """The version to go on from is older than what the server remembers."""


class Reflector:
  """Tells the objects of a collection, by uid, whenever they change.

  Args:
    tell: called from this reflector's thread: with all objects, or once, at
      the end, with what makes watching impossible.
    select: query parameters that choose the objects.
  """

  def __init__(self, api: Api, path: str, tell: Tell, **select: str) -> None:
    self._api, self._path, self._tell, self._select = api, path, tell, select
    self._objects: dict[str, Mapping[str, Any]] = {}
    self._version = ""
    self._over = threading.Event()
    self._stream: Stream | None = None
    self._thread = threading.Thread(target=self._run, daemon=True)

  def __enter__(self) -> Self:
    self._thread.start()
    return self

  def __exit__(self, *exc: object) -> None:
    self._over.set()
    if (stream := self._stream) is not None:
      stream.interrupt()

  def _run(self) -> None:
    pause = _FIRST_PAUSE
    while not self._over.is_set():
      began = time.monotonic()
      try:
        self._follow()
        if time.monotonic() - began < _SHORTEST:
          # A server that ends each watch at once must not be hammered.
          self._over.wait(_SHORTEST)
        pause = _FIRST_PAUSE
      except _Expired:
        self._version = ""
      except (HTTPError, OSError, ValueError, ClusterUnreachable):
        pause = self._rest(pause)
      except ClusterError as error:
        if error.status not in answers.TRANSIENT:
          return self._tell(error)
        pause = self._rest(pause)
      except KerasRemoteError as error:
        return self._tell(error)

  def _rest(self, pause: float) -> float:
    self._over.wait(pause * _RANDOM.uniform(0.5, 1.5))
    return min(2 * pause, _LONGEST_PAUSE)

  def _follow(self) -> None:
    if not self._version:
      self._list()
    self._stream = self._api.stream(
      self._path,
      **self._select,
      watch="true",
      allowWatchBookmarks="true",
      resourceVersion=self._version,
      timeoutSeconds=_LONGEST,
    )
    if self._over.is_set():
      self._stream.interrupt()
    for line in self._stream.lines():
      self._take(json.loads(line))

  def _list(self) -> None:
    found = self._api.get(self._path, **self._select)
    self._objects = {each["metadata"]["uid"]: each for each in found["items"]}
    self._version = found["metadata"]["resourceVersion"]
    self._tell(dict(self._objects))

  def _take(self, event: Mapping[str, Any]) -> None:
    kind, item = event["type"], event["object"]
    if kind == "ERROR":
      raise _failure(item)
    self._version = item["metadata"]["resourceVersion"]
    if kind == "BOOKMARK":
      return
    uid = item["metadata"]["uid"]
    if kind == "DELETED":
      self._objects.pop(uid, None)
    else:
      self._objects[uid] = item
    self._tell(dict(self._objects))


def _failure(status: Mapping[str, Any]) -> Exception:
  code = int(status.get("code") or 500)
  if code == 410:
    return _Expired()
  return answers.error(code, json.dumps(status).encode(), "watch")
