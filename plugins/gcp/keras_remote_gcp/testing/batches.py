"""Batches: requests within a request."""

from __future__ import annotations

import http.client
import urllib.parse
from collections.abc import Callable

from keras_remote_gcp.testing import multiparts, refusals
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.multiparts import Part

_BOUNDARY = "batch_emulated"
_MOST = 100


def answer(request: Request, one: Callable[[Request], Response]) -> Response:
  """The answers of ``one`` to each request of a batch, in their order."""
  try:
    parts = multiparts.split(
      request.headers.get("content-type", ""), request.body
    )
  except ValueError as error:
    raise refusals.invalid(f"Bad batch: {error}") from None
  if len(parts) > _MOST:
    told = f"The batch request must not contain more than {_MOST} calls."
    raise refusals.invalid(told)
  answers = [_written(one(_read(part, request))) for part in parts]
  return Response(
    body=multiparts.join(_BOUNDARY, answers),
    headers={"Content-Type": f"multipart/mixed; boundary={_BOUNDARY}"},
  )


def _read(part: Part, outer: Request) -> Request:
  line, _, rest = part.body.partition(b"\n")
  method, url, _ = line.decode().split()
  inner = multiparts.message(rest)
  parts = urllib.parse.urlsplit(url)
  return Request(
    method=method,
    target=urllib.parse.urlunsplit(("", "", *parts[2:4], "")),
    # A part is authorized by itself or by the batch around it.
    headers={**_authorization(outer), **inner.headers},
    body=inner.body,
  )


def _authorization(outer: Request) -> dict[str, str]:
  return {k: v for k, v in outer.headers.items() if k == "authorization"}


def _written(response: Response) -> Part:
  assert isinstance(response.body, bytes)
  reason = http.client.responses.get(response.status, "")
  head = "".join(f"{k}: {v}\r\n" for k, v in response.headers.items())
  text = f"HTTP/1.1 {response.status} {reason}\r\n{head}\r\n".encode()
  return Part(
    headers={"Content-Type": "application/http"}, body=text + response.body
  )
