"""One connection: requests read, faults committed, answers written."""

from __future__ import annotations

import select
import time
import traceback
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

from attrs import evolve

from keras_remote_gcp.testing.faults import Fault, Faults
from keras_remote_gcp.testing.messages import Request, Response

_BODILESS = frozenset((204, 304))
_NONE = Fault()
# So that tests that move large files do not keep them all.
_REMEMBERED = 64 * 1024


class Handler(BaseHTTPRequestHandler):
  """Speaks HTTP/1.1 on one connection until either side closes it."""

  protocol_version = "HTTP/1.1"
  # A buffered answer leaves in one piece; a delayed one costs 40 ms.
  wbufsize = -1
  disable_nagle_algorithm = True

  def __init__(
    self,
    exchange: Callable[[Request], Response],
    faults: Faults,
    requests: list[Request],
    *connection: Any,
  ) -> None:
    self._exchange, self._faults = exchange, faults
    self._requests = requests
    # Which serves the connection until it is closed.
    super().__init__(*connection)

  def answer(self) -> None:
    path, _, query = self.path.partition("?")
    named = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    fault = self._faults.take(self.command, path, named) or _NONE
    request = self._request(self._body(fault.cut_upload))
    kept = evolve(request, body=request.body[:_REMEMBERED])
    self._requests.append(kept)
    if fault.cut_upload is not None:
      self._break_off(request, fault)
      return
    response = self._response(request, fault)
    time.sleep(fault.delay)
    self._send(response, fault.cut)

  do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = answer  # noqa: N815

  def log_message(self, format: str, *args: object) -> None:  # noqa: A002
    """Says nothing: a server remembers its requests instead."""

  def _request(self, body: bytes) -> Request:
    headers = {name.lower(): value for name, value in self.headers.items()}
    return Request(
      method=self.command,
      target=self.path,
      headers=headers,
      body=body,
      peer=self.client_address[1],
    )

  def _break_off(self, request: Request, fault: Fault) -> None:
    """Closes the connection in the middle of an upload."""
    if fault.after:
      self._exchanged(request)
    self.close_connection = True

  def _response(self, request: Request, fault: Fault) -> Response:
    """The exchange's answer, or the fault's."""
    if fault.status is None:
      return self._exchanged(request)
    if fault.after:
      self._exchanged(request)
    return Response(status=fault.status, body=fault.body, headers=fault.headers)

  def _exchanged(self, request: Request) -> Response:
    try:
      return self._exchange(request)
    except Exception:
      return Response(status=500, body=traceback.format_exc().encode())

  def _body(self, limit: int | None) -> bytes:
    if self.headers.get("transfer-encoding", "").lower() == "chunked":
      return b"".join(iter(self._chunk, b""))[:limit]
    length = int(self.headers.get("content-length", 0))
    return self.rfile.read(length if limit is None else min(limit, length))

  def _chunk(self) -> bytes:
    size = int(self.rfile.readline().partition(b";")[0], 16)
    data = self.rfile.read(size)
    self.rfile.readline()
    return data

  def _send(self, response: Response, cut: int | None) -> None:
    if cut is not None and cut < 0:
      self.close_connection = True
      return
    self.send_response(response.status)
    for name, value in response.headers.items():
      self.send_header(name, value)
    if isinstance(response.body, bytes):
      self._send_whole(response, response.body, cut)
    else:
      self._send_chunks(response.body, cut)

  def _send_whole(
    self, response: Response, body: bytes, cut: int | None
  ) -> None:
    if response.status not in _BODILESS:
      named = {name.lower() for name in response.headers}
      if "content-length" not in named:
        self.send_header("Content-Length", str(len(body)))
    self.end_headers()
    if self.command != "HEAD":
      self.wfile.write(body[:cut])
    self.close_connection |= cut is not None

  def _send_chunks(self, parts: Iterable[bytes], cut: int | None) -> None:
    self.send_header("Transfer-Encoding", "chunked")
    self.end_headers()
    self.wfile.flush()
    try:
      if all(map(self._send_chunk, _up_to(parts, cut))) and cut is None:
        self.wfile.write(b"0\r\n\r\n")
      else:
        self.close_connection = True
    finally:
      getattr(parts, "close", lambda: None)()

  def _send_chunk(self, part: bytes) -> bool:
    """Whether the client is still there to take more."""
    if not part:
      return not self._client_has_gone()
    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
    self.wfile.flush()
    return True

  def _client_has_gone(self) -> bool:
    # Nobody sends a request before the answer to the one before it, so
    # whatever can be read by now is the end.
    return bool(select.select([self.connection], [], [], 0)[0])


def _up_to(parts: Iterable[bytes], cut: int | None) -> Iterator[bytes]:
  """The parts up to a number of bytes, or all of them."""
  left = cut
  for part in parts:
    yield part if left is None else part[:left]
    left = None if left is None else left - len(part)
    if left is not None and left <= 0:
      return
