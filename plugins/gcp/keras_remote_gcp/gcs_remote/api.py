"""Requests to one host, over connections that are kept."""

from __future__ import annotations

import collections
import contextlib
import errno
import http.client
import json
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple

from .tokens import Tokens  # noqa: TID252
from .trying import Transient, insist, network, retry_after  # noqa: TID252

_BUSY = frozenset((408, 429, 500, 502, 503, 504))
_ERRNOS = {
  400: errno.EINVAL,
  401: errno.EACCES,
  403: errno.EACCES,
  404: errno.ENOENT,
  412: errno.EEXIST,
}
_BLOCK = 1024 * 1024
_TIMEOUT = 60.0


class Request(NamedTuple):
  """One request; ``target`` is the path with the query."""

  method: str
  target: str
  headers: Mapping[str, str] = {}
  body: bytes | IO[bytes] | None = None


class Answer(NamedTuple):
  """An answer that was read to its end."""

  status: int
  headers: http.client.HTTPMessage
  data: bytes


class Api:
  """One host; safe among threads.

  Args:
    host: its URL, without a path.
    metadata: ``host[:port]`` of what gives tokens; None: none are sent.
  """

  def __init__(self, host: str, metadata: str | None) -> None:
    self._host = urllib.parse.urlsplit(host)
    self._tokens = Tokens(metadata) if metadata else None
    self._idle: collections.deque[http.client.HTTPConnection]
    self._idle = collections.deque()

  def __del__(self) -> None:
    self._close_idle()

  def json(self, target: str) -> dict[str, Any]:
    """What is there, as JSON."""
    return dict(json.loads(self.ask(Request("GET", target)).data))

  def ask(self, request: Request) -> Answer:
    """The answer, after as many attempts as it takes within reason.

    Raises:
      FileNotFoundError, FileExistsError, PermissionError, OSError: it refuses.
    """
    return insist(lambda: self.ask_once(request))

  def ask_once(self, request: Request) -> Answer:
    """The answer to one attempt; Transient where another may go better."""
    with self.opened(request) as response:
      return Answer(response.status, response.headers, _whole(response))

  @contextlib.contextmanager
  def opened(self, request: Request) -> Iterator[http.client.HTTPResponse]:
    """The answer to one attempt, to be read by ``blocks_of``."""
    connection, whole = self._connection(), False
    try:
      with network():
        token = self._tokens.get() if self._tokens else None
        response = _sent(connection, request, token)
      if response.status >= 400:
        told = _whole(response).decode(errors="replace")
        whole = True
        raise self._refusal(request, response, told, token)
      yield response
      whole = response.isclosed()
    finally:
      if whole:
        self._idle.append(connection)
      else:
        connection.close()
        # What was idle for as long is as likely to be dead.
        self._close_idle()

  def _refusal(
    self,
    request: Request,
    response: http.client.HTTPResponse,
    told: str,
    token: str | None,
  ) -> OSError:
    """The error of a status; OSError itself picks the class by its number."""
    status = response.status
    text = f"{request.method}: {status} {response.reason}: {told.strip()[:500]}"
    if status == 401 and self._tokens and token:
      self._tokens.drop(token)
      return Transient(text)
    if status in _BUSY:
      return Transient(text, retry_after(response.headers.get("Retry-After")))
    path = request.target.partition("?")[0]
    return OSError(_ERRNOS.get(status, errno.EIO), text, path)

  def _connection(self) -> http.client.HTTPConnection:
    with contextlib.suppress(IndexError):
      return self._idle.pop()
    secure = self._host.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    return kind(self._host.netloc, timeout=_TIMEOUT, blocksize=_BLOCK)

  def _close_idle(self) -> None:
    with contextlib.suppress(IndexError):
      while True:
        self._idle.pop().close()


def _whole(response: http.client.HTTPResponse) -> bytes:
  with network():
    return response.read()


def blocks_of(response: http.client.HTTPResponse) -> Iterator[bytes]:
  """The body, as it comes; it may end early where the connection did."""
  while True:
    with network():
      block = response.read(_BLOCK)
    if not block:
      return
    yield block


def _sent(
  connection: http.client.HTTPConnection, request: Request, token: str | None
) -> http.client.HTTPResponse:
  bearing = {"Authorization": f"Bearer {token}"} if token else {}
  headers = {**request.headers, **bearing}
  connection.request(request.method, request.target, request.body, headers)
  return connection.getresponse()
