"""A port of this machine that can be left and taken again."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from socketserver import BaseRequestHandler
from typing import Any


class Listener(ThreadingHTTPServer):
  """A port, and the connections it has accepted."""

  daemon_threads = True
  request_queue_size = 128

  def __init__(
    self,
    make: Callable[..., BaseRequestHandler],
    tls: ssl.SSLContext | None,
    port: int,
  ) -> None:
    super().__init__(("127.0.0.1", port), make, bind_and_activate=False)
    self._tls = tls
    self._open: set[socket.socket] | None = set()
    self._lock = threading.Lock()
    self._thread: threading.Thread | None = None
    # Bound but not listening: the port is taken, connections are refused.
    self.server_bind()

  def start(self) -> None:
    self.server_activate()
    self._thread = threading.Thread(
      # Stopping waits for the next poll.
      target=self.serve_forever,
      kwargs={"poll_interval": 0.01},
      daemon=True,
    )
    self._thread.start()

  def stop(self) -> None:
    if self._thread is not None:
      self.shutdown()
      self._thread.join()
      self._turn_away()
    self.server_close()
    with self._lock:
      left, self._open = self._open or set(), None
    for connection in left:
      _shut(connection)

  def _turn_away(self) -> None:
    """Ends, one by one, connections that nobody has taken up yet.

    Closing the port would reset them, and a client whose connection is reset
    just before it begins with TLS leaks it: ssl.SSLSocket forgets to close it.
    """
    self.socket.setblocking(False)
    with contextlib.suppress(BlockingIOError):
      while True:
        self.socket.accept()[0].close()

  def server_bind(self) -> None:
    # HTTPServer's own would look up the host's name.
    self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    self.socket.bind(self.server_address)
    self.server_name, self.server_port = self.socket.getsockname()[:2]
    self.server_address = (self.server_name, self.server_port)

  def finish_request(self, request: Any, client_address: Any) -> None:
    # On the connection's own thread, where a slow handshake delays nobody.
    if self._tls is not None:
      request = self._tls.wrap_socket(request, server_side=True)
    try:
      self._opened(request)
      super().finish_request(request, client_address)
    finally:
      self._closed(request)

  def handle_error(self, request: Any, client_address: Any) -> None:
    """Says nothing: a broken connection is what the tests are about."""

  def _opened(self, connection: socket.socket) -> None:
    with self._lock:
      if self._open is None:
        _shut(connection)
      else:
        self._open.add(connection)

  def _closed(self, connection: socket.socket) -> None:
    with self._lock:
      if self._open is not None:
        self._open.discard(connection)
    if self._tls is not None:
      # Wrapping took it from the base class, which closes all others.
      connection.close()


def _shut(connection: socket.socket) -> None:
  with contextlib.suppress(OSError):
    connection.shutdown(socket.SHUT_RDWR)
