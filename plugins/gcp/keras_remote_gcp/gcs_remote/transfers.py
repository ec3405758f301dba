"""Objects on their way, which go on where the connection broke."""

from __future__ import annotations

import base64
import errno
import hashlib
import http.client
from pathlib import Path
from typing import IO

from .api import Api, Request, blocks_of  # noqa: TID252
from .trying import Transient, insist  # noqa: TID252


class Download:
  """An object on its way to ``out``, which is empty."""

  def __init__(self, api: Api, path: str, out: IO[bytes]) -> None:
    self._api, self._target, self._out = api, f"{path}?alt=media", out
    self._md5, self._pinned = hashlib.md5(usedforsecurity=False), ""

  def fetch(self) -> None:
    """Copies all of the object.

    Raises:
      FileNotFoundError: there is none.
      OSError: it cannot be had, or is not what was stored.
    """
    insist(self._attempt, self._out.tell)

  def _attempt(self) -> None:
    start = self._out.tell()
    ranged = {"Range": f"bytes={start}-"} if start else {}
    asked = Request("GET", self._target + self._pinned, ranged)
    try:
      with self._api.opened(asked) as response:
        self._take(response)
    except FileNotFoundError as error:
      if not start:
        raise
      self._start_over()
      raise Transient("it was replaced while it was read") from error

  def _take(self, response: http.client.HTTPResponse) -> None:
    # So that what comes after a cut is of the same object.
    self._pinned = f"&generation={response.headers['X-Goog-Generation']}"
    for block in blocks_of(response):
      self._out.write(block)
      self._md5.update(block)
    size = int(response.headers["X-Goog-Stored-Content-Length"])
    if self._out.tell() < size:
      raise Transient("the connection was closed too early")
    self._verify(response.headers.get("X-Goog-Hash", ""))

  def _verify(self, hashes: str) -> None:
    md5 = base64.b64encode(self._md5.digest()).decode()
    # What was uploaded in parts has no MD5.
    if "md5=" in hashes and f"md5={md5}" not in hashes:
      told = "other bytes came than are stored"
      raise OSError(errno.EIO, told, self._target)

  def _start_over(self) -> None:
    self._out.seek(0)
    self._out.truncate()
    self._md5, self._pinned = hashlib.md5(usedforsecurity=False), ""


class Upload:
  """A file on its way into a resumable upload that was begun."""

  def __init__(self, api: Api, target: str, source: Path, size: int) -> None:
    self._api, self._target = api, target
    self._source, self._size = source, size
    self._start, self._begun = 0, False

  def send(self) -> None:
    """Sends all of the file, which must not change meanwhile."""
    insist(self._attempt, lambda: self._start)

  def _attempt(self) -> None:
    if self._begun:
      self._start = self._arrived()
    self._begun = True
    if self._start < self._size:
      self._send_rest()

  def _send_rest(self) -> None:
    headers = {
      "Content-Range": f"bytes {self._start}-{self._size - 1}/{self._size}",
      "Content-Length": str(self._size - self._start),
    }
    with open(self._source, "rb") as file:
      file.seek(self._start)
      request = Request("PUT", self._target, headers, file)
      if self._api.ask_once(request).status == 308:
        raise Transient("not all of it arrived")

  def _arrived(self) -> int:
    """How many bytes are there; all of them, where only an answer was lost."""
    asking = {"Content-Range": f"bytes */{self._size}"}
    answer = self._api.ask_once(Request("PUT", self._target, asking))
    if answer.status != 308:
      return self._size
    _, _, last = answer.headers.get("Range", "").partition("-")
    return int(last) + 1 if last else 0
