"""What a server gets and gives."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen


@frozen(kw_only=True)
class Request:
  """One request, read to its end.

  Args:
    target: what follows the method: the path with the query, as it was sent.
    headers: by lower-case name.
    peer: the port that it came from: the same for all of one connection.
  """

  method: str
  target: str
  headers: Mapping[str, str] = field(factory=dict)
  body: bytes = field(default=b"", repr=False)
  peer: int = 0

  @property
  def path(self) -> str:
    """Without the query, still percent-encoded."""
    return self.target.partition("?")[0]

  @property
  def query(self) -> dict[str, str]:
    """Decoded; of a parameter that is repeated, the last value."""
    return dict(self.query_pairs)

  @property
  def query_pairs(self) -> list[tuple[str, str]]:
    """Decoded, in their order, with those that are repeated."""
    text = self.target.partition("?")[2]
    return urllib.parse.parse_qsl(text, keep_blank_values=True)

  def json(self) -> Any:
    """The body as JSON; None where it is empty."""
    return json.loads(self.body) if self.body else None


@frozen(kw_only=True)
class Response:
  """One answer.

  Args:
    body: bytes, or an iterable of parts, each sent at once as a chunk of its
      own. An empty part sends nothing, and ends the answer where the client
      has gone; then, as after the last part, a generator is closed.
  """

  status: int = 200
  body: bytes | Iterable[bytes] = field(default=b"", repr=False)
  headers: Mapping[str, str] = field(factory=dict)

  @classmethod
  def json(
    cls, value: Any, status: int = 200, headers: Mapping[str, str] | None = None
  ) -> Response:
    """An answer whose body is JSON."""
    named = {"Content-Type": "application/json; charset=UTF-8"}
    body = json.dumps(value).encode()
    return cls(status=status, body=body, headers={**named, **(headers or {})})
