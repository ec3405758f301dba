"""An object on its way here, which goes on where the connection broke."""

from __future__ import annotations

import http.client
from typing import IO

from .api import Api, blocks_of  # noqa: TID252
from .signing import Request  # noqa: TID252
from .trying import Transient, insist  # noqa: TID252


class Download:
  """An object on its way to ``out``, which is empty."""

  def __init__(self, api: Api, path: str, out: IO[bytes]) -> None:
    self._api, self._path, self._out = api, path, out
    self._etag = ""

  def fetch(self) -> None:
    """Copies all of the object.

    Raises:
      FileNotFoundError: there is none.
      OSError: it cannot be had.
    """
    insist(self._attempt, self._out.tell)

  def _attempt(self) -> None:
    start = self._out.tell()
    # What comes after a cut has to be of the same object.
    rest = {"Range": f"bytes={start}-", "If-Match": self._etag} if start else {}
    request = Request("GET", self._path, headers=rest)
    try:
      with self._api.opened(request) as response:
        self._take(response, start)
    except (FileNotFoundError, FileExistsError) as error:
      if not start:
        raise
      self._out.seek(0)
      self._out.truncate()
      raise Transient("it was replaced while it was read") from error

  def _take(self, response: http.client.HTTPResponse, start: int) -> None:
    self._etag = response.headers["ETag"]
    size = start + int(response.headers["Content-Length"])
    for block in blocks_of(response):
      self._out.write(block)
    if self._out.tell() < size:
      raise Transient("the connection was closed too early")
