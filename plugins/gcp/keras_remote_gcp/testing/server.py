"""An HTTP server for emulators: real sockets, faults, and going down."""

from __future__ import annotations

import contextlib
import functools
import ssl
from collections.abc import Callable, Iterator

from keras_remote_gcp.testing.faults import Fault, Faults
from keras_remote_gcp.testing.handler import Handler
from keras_remote_gcp.testing.listener import Listener
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.running import Running

__all__ = ["Fault", "Faults", "Request", "Response", "Server"]


class Server(Running):
  """Answers requests on a port of this machine, each connection on a thread.

  Args:
    handle: makes the answer; what it raises is answered with status 500.
    tls: its certificate, for https.
    port: 0: one that is free. It stays the same for the server's life.

  Attributes:
    requests: everything received; of bodies, the first 64 KiB.
  """

  def __init__(
    self,
    handle: Callable[[Request], Response],
    faults: Faults | None = None,
    tls: ssl.SSLContext | None = None,
    port: int = 0,
  ) -> None:
    self.faults = faults or Faults()
    self.requests: list[Request] = []
    self._handle, self._tls = handle, tls
    self._listener = self._bound(port)
    self.port: int = self._listener.server_port

  @property
  def url(self) -> str:
    return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

  def start(self) -> None:
    self._listener.start()

  def stop(self) -> None:
    """Refuses connections and closes those that are open."""
    self._listener.stop()

  @contextlib.contextmanager
  def down(self) -> Iterator[None]:
    """Is not there while the block runs, and then again on the same port."""
    self.stop()
    self._listener = self._bound(self.port)
    try:
      yield
    finally:
      self.start()

  def _bound(self, port: int) -> Listener:
    make = functools.partial(Handler, self._handle, self.faults, self.requests)
    return Listener(make, self._tls, port)
