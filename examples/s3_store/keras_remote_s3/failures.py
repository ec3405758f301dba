"""What S3's errors mean, and the command that helps."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from keras_remote_core.errors import StoreError

_CODE = re.compile(r"<Code>(\w+)</Code>")
_FORBIDDEN = re.compile(r"(?:status code|[A-Z]+): 403\b")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")
_KEYS = "export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=..."
_REGION = "export AWS_REGION=the-buckets-own"
_BUSY = "try again: S3 is busy"
_NETWORK = "check the network, and AWS_ENDPOINT_URL_S3 where it is set"
_ALLOW = (
  "allow the key s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject"
  " and s3:DeleteObject on arn:aws:s3:::{bucket}/*"
)
_REMEDIES = {
  "NoSuchBucket": "aws s3 mb s3://{bucket}",
  "InvalidAccessKeyId": _KEYS,
  "SignatureDoesNotMatch": _KEYS,
  "ExpiredToken": f"{_KEYS} AWS_SESSION_TOKEN=...",
  "PermanentRedirect": _REGION,
  "Received redirect": _REGION,
  "AuthorizationHeaderMalformed": _REGION,
  "SlowDown": _BUSY,
  "InternalError": _BUSY,
}


@contextlib.contextmanager
def said(
  bucket: str, what: str, answer: type[OSError] | tuple[()] = ()
) -> Iterator[None]:
  """Says failures in the store's words; ``answer`` is not a failure."""
  from obstore.exceptions import BaseError

  try:
    yield
  except (BaseError, OSError, ValueError) as error:
    text = str(error)
    if isinstance(error, answer) and "NoSuchBucket" not in text:
      raise
    raise StoreError(
      f"cannot {what} s3://{bucket}: {_told(text)}",
      remedy=_remedy(text, bucket),
    ) from error


def _told(text: str) -> str:
  """What the service said, without the request and the retries around it."""
  found = [each.search(text) for each in (_CODE, _MESSAGE)]
  words = [each[1] for each in found if each and each[1]]
  return ": ".join(words) or text.partition("\n")[0]


def _remedy(text: str, bucket: str) -> str | None:
  known = (code for code in _REMEDIES if code in text)
  if code := next(known, None):
    return _REMEDIES[code].format(bucket=bucket)
  if _FORBIDDEN.search(text):
    return _ALLOW.format(bucket=bucket)
  return _NETWORK if "error sending request" in text else None
