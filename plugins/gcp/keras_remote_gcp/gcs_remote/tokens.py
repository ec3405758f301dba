"""The tokens that a machine of Google's gives to what runs on it."""

from __future__ import annotations

import http.client
import json
import threading
import time

_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
_FLAVOR = {"Metadata-Flavor": "Google"}
_TIMEOUT = 30.0
# Seconds before its end that a token is replaced.
_MARGIN = 60.0


class Tokens:
  """The current token; safe among threads."""

  def __init__(self, host: str) -> None:
    self._host = host
    self._token, self._until = "", 0.0
    self._lock = threading.Lock()

  def get(self) -> str:
    """A token that is good now.

    Raises:
      OSError: the metadata server gives none.
    """
    with self._lock:
      if time.monotonic() >= self._until:
        self._renew()
      return self._token

  def drop(self, token: str) -> None:
    """Has the next token be another, because this one was refused."""
    with self._lock:
      if token == self._token:
        self._until = 0.0

  def _renew(self) -> None:
    status, data = self._asked()
    if status != 200:
      raise OSError(f"{self._host} gives no token: status {status}")
    told = json.loads(data)
    self._token = told["access_token"]
    self._until = time.monotonic() + told["expires_in"] - _MARGIN

  def _asked(self) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(self._host, timeout=_TIMEOUT)
    try:
      connection.request("GET", _PATH, headers=_FLAVOR)
      answer = connection.getresponse()
      return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
      raise OSError(
        f"no metadata server at {self._host}, so that gs:// is out of reach:"
        f" {error}"
      ) from error
    finally:
      connection.close()
