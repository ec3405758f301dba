"""Names of pods, in place of a cluster's DNS.

All pods are at this machine's address, where two of them cannot have the same
port. So the name of a pod of a headless Service becomes that address, and its
name with a port becomes the address with a port of this pod's own, the same for
everybody in the cluster.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterable

ADDRESS = "127.0.0.1"
_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"


class Addresses:
  """The ports of this machine that stand for ports of pods."""

  def __init__(self) -> None:
    self._lock = threading.Lock()
    self._ports: dict[tuple[str, str, str, str], int] = {}

  def resolved(self, text: str, space: str, services: Iterable[str]) -> str:
    """A text without names of pods.

    Args:
      space: the namespace of whoever reads it.
      services: the names of the headless Services that are there.
    """
    known = "|".join(map(re.escape, services))
    if not known:
      return text
    pattern = (
      rf"(?<![\w.-])({_LABEL})\.({known})"
      rf"(?:\.{re.escape(space)}(?:\.svc(?:\.cluster\.local)?)?)?"
      r"(?![\w-]|\.\w)(?::(\d+))?"
    )

    def one(found: re.Match[str]) -> str:
      pod, service, port = found.groups()
      if port is None:
        return ADDRESS
      return f"{ADDRESS}:{self._port(space, service, pod, port)}"

    return re.sub(pattern, one, text)

  def _port(self, *key: str) -> int:
    space, service, pod, port = key
    with self._lock:
      known = self._ports.get((space, service, pod, port))
      if known is None:
        known = self._ports[space, service, pod, port] = _free()
      return known


def _free() -> int:
  with socket.socket() as found:
    found.bind((ADDRESS, 0))
    return int(found.getsockname()[1])
