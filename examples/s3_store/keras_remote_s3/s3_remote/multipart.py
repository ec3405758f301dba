"""Large objects, made of parts."""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax import saxutils

from . import answers  # noqa: TID252
from .api import Api  # noqa: TID252
from .signing import Request  # noqa: TID252

LARGE = 64 * 1024 * 1024
"""Beyond so many bytes a file goes in parts, one of them in memory."""

COPIED_AT_ONCE = 5 * 1024**3
"""Beyond so many bytes S3 copies an object in parts only."""

_MOST_PARTS = 10_000
_COPIED_PART = 1024**3

Begun = dict[str, str]


class Multipart:
  """One object, to be made of parts."""

  def __init__(self, api: Api, path: str) -> None:
    self._api, self._path = api, path

  def upload(self, source: Path) -> None:
    """Makes it of a file, which must not change meanwhile."""
    size = source.stat().st_size
    most = max(LARGE, -(-size // _MOST_PARTS))
    with open(source, "rb") as file:

      def part(begun: Begun, start: int, end: int) -> str:
        file.seek(start)
        body = file.read(end - start)
        sent = Request("PUT", self._path, begun, body=body)
        return self._api.ask(sent).headers["ETag"]

      self._make(_ranges(size, most), part)

  def renew(self, size: int) -> None:
    """Makes it of itself."""

    def part(begun: Begun, start: int, end: int) -> str:
      copied = {
        **source_of(self._path),
        "x-amz-copy-source-range": f"bytes={start}-{end - 1}",
      }
      answer = self._api.ask(Request("PUT", self._path, begun, copied))
      return answers.etag(answer.data)

    self._make(_ranges(size, _COPIED_PART), part)

  def _make(
    self,
    ranges: Iterator[tuple[int, int]],
    part: Callable[[Begun, int, int], str],
  ) -> None:
    asked = Request("POST", self._path, {"uploads": ""})
    begun = {"uploadId": answers.upload_id(self._api.ask(asked).data)}
    try:
      tags = [
        part({**begun, "partNumber": str(number)}, start, end)
        for number, (start, end) in enumerate(ranges, 1)
      ]
      body = _listed(tags)
      self._api.ask(Request("POST", self._path, begun, body=body))
    except BaseException:
      # Parts that never become an object would be paid for.
      with contextlib.suppress(OSError):
        self._api.ask(Request("DELETE", self._path, begun))
      raise


def source_of(path: str) -> dict[str, str]:
  """The header that has an object be copied."""
  return {"x-amz-copy-source": urllib.parse.quote(path)}


def _ranges(size: int, most: int) -> Iterator[tuple[int, int]]:
  return ((at, min(at + most, size)) for at in range(0, size, most))


def _listed(tags: list[str]) -> bytes:
  parts = "".join(
    f"<Part><PartNumber>{number}</PartNumber>"
    f"<ETag>{saxutils.escape(tag)}</ETag></Part>"
    for number, tag in enumerate(tags, 1)
  )
  return f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
