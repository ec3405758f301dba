"""Signed requests to one service, over connections that are kept."""

from __future__ import annotations

import collections
import contextlib
import datetime
import http.client
import urllib.parse
from collections.abc import Iterator
from typing import NamedTuple

from . import answers  # noqa: TID252
from .access import Access  # noqa: TID252
from .signing import Request, signed, target  # noqa: TID252
from .trying import insist, network  # noqa: TID252

_BLOCK = 1024 * 1024
_TIMEOUT = 60.0


class Answer(NamedTuple):
  """An answer that was read to its end."""

  headers: http.client.HTTPMessage
  data: bytes


class Api:
  """One service; safe among threads."""

  def __init__(self, access: Access) -> None:
    self._access = access
    self._host = urllib.parse.urlsplit(access.endpoint)
    self._idle: collections.deque[http.client.HTTPConnection]
    self._idle = collections.deque()

  def __del__(self) -> None:
    self._close_idle()

  def ask(self, request: Request) -> Answer:
    """The answer, after as many attempts as it takes within reason.

    Raises:
      FileNotFoundError, FileExistsError, PermissionError, OSError: it refuses.
    """
    return insist(lambda: self._once(request))

  @contextlib.contextmanager
  def opened(self, request: Request) -> Iterator[http.client.HTTPResponse]:
    """The answer to one attempt, to be read by ``blocks_of``."""
    connection, whole = self._connection(), False
    try:
      with network():
        response = self._sent(connection, request)
      # A redirection names another region, for which nothing is signed.
      if response.status >= 300:
        data = _whole(response)
        whole = True
        raise answers.refusal(
          request.method, request.path, response.status, data
        )
      yield response
      whole = response.isclosed()
    finally:
      if whole:
        self._idle.append(connection)
      else:
        connection.close()
        # What was idle for as long is as likely to be dead.
        self._close_idle()

  def _once(self, request: Request) -> Answer:
    with self.opened(request) as response:
      answer = Answer(response.headers, _whole(response))
      if answers.failed(answer.data):
        raise answers.refusal(
          request.method, request.path, response.status, answer.data
        )
      return answer

  def _sent(
    self, connection: http.client.HTTPConnection, request: Request
  ) -> http.client.HTTPResponse:
    now = datetime.datetime.now(datetime.UTC)
    headers = signed(request, self._access, now)
    body = request.body if request.method in ("PUT", "POST") else None
    connection.request(request.method, target(request), body, headers)
    return connection.getresponse()

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


def blocks_of(response: http.client.HTTPResponse) -> Iterator[bytes]:
  """The body, as it comes; it may end early where the connection did."""
  while True:
    with network():
      block = response.read(_BLOCK)
    if not block:
      return
    yield block


def _whole(response: http.client.HTTPResponse) -> bytes:
  with network():
    return response.read()
