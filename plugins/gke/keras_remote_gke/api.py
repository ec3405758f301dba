"""Requests to one cluster's API server, with plain JSON in and out.

The connection, its TLS and its credentials are those of a ``kubernetes``
client's own ``Configuration``, which differs between versions in little; its
models differ in much, and are left aside.
"""

from __future__ import annotations

import contextlib
import json
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from keras_remote_gke import answers, lines
from keras_remote_gke.errors import ClusterUnreachable

if TYPE_CHECKING:
  from kubernetes.client import ApiClient
  from urllib3 import BaseHTTPResponse, Retry

_CONNECT, _READ, _SHORT = 10.0, 60.0, 10.0
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 7, 0.3, 8.0
_SILENCE = 330.0
"""Seconds without a byte after which a stream counts as dead."""
MERGE = "application/merge-patch+json"
# JSON is YAML.
APPLY = "application/apply-patch+yaml"
MANAGER = "keras-remote"
"""Whom the cluster names as the owner of fields that were applied."""


@frozen
class Stream:
  """An answer that goes on until it ends, breaks or is interrupted."""

  response: BaseHTTPResponse

  def lines(self) -> Iterator[bytes]:
    """Each whole line; a part of one at the end is left out."""
    try:
      yield from lines.whole(self.response.stream(None, decode_content=False))
    finally:
      self.response.close()

  def interrupt(self) -> None:
    """Ends it from another thread, even while a read waits."""
    # One that is over has nothing left to shut down.
    with contextlib.suppress(ValueError, RuntimeError, OSError):
      self.response.shutdown()


@frozen
class Api:
  """One cluster; safe among threads."""

  client: ApiClient

  def get(self, path: str, **query: Any) -> Any:
    return self._json("GET", path, query)

  def create(self, path: str, body: Mapping[str, Any]) -> Any:
    """Creates an object; sent again where no answer came.

    Raises:
      ClusterError: with the reason ``AlreadyExists`` too where an earlier
        try had arrived after all.
    """
    return self._json("POST", path, {}, body)

  def patch(self, path: str, body: Mapping[str, Any]) -> Any:
    return self._json("PATCH", path, {}, body, MERGE)

  def apply(
    self,
    path: str,
    body: Mapping[str, Any],
    *,
    dry_run: bool = False,
    force: bool = False,
  ) -> Any:
    """Creates an object, or makes it what ``body`` says of it.

    Fields that ``body`` does not name stay with whoever has set them.

    Args:
      dry_run: tells what would become of the object, and changes nothing.
      force: takes over fields that others have set to other values.

    Raises:
      ClusterError: with the reason ``Conflict`` where others have.
    """
    query = {"fieldManager": MANAGER}
    if dry_run:
      query["dryRun"] = "All"
    if force:
      query["force"] = "true"
    return self._json("PATCH", path, query, body, APPLY)

  def delete(self, path: str, body: Mapping[str, Any]) -> Any:
    return self._json("DELETE", path, {}, body)

  def exists(self, path: str) -> bool:
    """Whether an object is there, without its content."""
    headers = {
      "Accept": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
    }
    response = self._send("GET", path, headers=headers)
    if response.status == 404:
      return False
    _checked(response, "GET", path)
    return True

  def text(self, path: str, **query: Any) -> bytes:
    """An answer that is no JSON; tried once, and not waited for long."""
    response = self._send("GET", path, query, read=_SHORT, tries=0)
    return _checked(response, "GET", path)

  def stream(self, path: str, **query: Any) -> Stream:
    """Opens an answer that goes on; tried once, for its reader tries again.

    Raises:
      ClusterUnreachable: no connection came about.
      ClusterError: it was refused.
    """
    response = self._send(
      "GET", path, query, read=_SILENCE, tries=0, preload=False
    )
    if response.status >= 300:
      _checked(response, "GET", path)
    return Stream(response)

  def _json(
    self,
    method: str,
    path: str,
    query: Mapping[str, Any],
    body: Mapping[str, Any] | None = None,
    content: str = "application/json",
  ) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Accept": "application/json", "Content-Type": content}
    response = self._send(method, path, query, headers, data)
    return json.loads(_checked(response, method, path))

  def _send(
    self,
    method: str,
    path: str,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    *,
    read: float = _READ,
    tries: int = _TRIES,
    preload: bool = True,
  ) -> BaseHTTPResponse:
    import urllib3

    configuration = self.client.configuration
    url = f"{configuration.host}{path}"
    if query:
      url += f"?{urllib.parse.urlencode(query)}"
    try:
      response = self.client.rest_client.pool_manager.request(
        method,
        url,
        body=body,
        headers={**(headers or {}), **_authorization(self.client)},
        timeout=urllib3.Timeout(connect=_CONNECT, read=read),
        retries=retries(tries),
        preload_content=preload,
      )
    except urllib3.exceptions.HTTPError as error:
      raise _unreachable(configuration.host, error) from error
    return response


def _authorization(client: ApiClient) -> dict[str, str]:
  """The headers that say who asks; a token that has expired is renewed."""
  return {
    each["key"]: each["value"]
    for each in client.configuration.auth_settings().values()
    if each["in"] == "header" and each["value"]
  }


def retries(tries: int = _TRIES) -> Retry:
  """Tries again what passes by itself, as long as the server asks for.

  Every verb is repeated: names are the submission's own, so that a second
  create is told from a first, and deleting or patching twice is like once.
  """
  import urllib3

  return urllib3.Retry(
    tries,
    allowed_methods=None,
    status_forcelist=answers.TRANSIENT,
    backoff_factor=_FIRST_PAUSE,
    backoff_jitter=_FIRST_PAUSE,
    backoff_max=_LONGEST_PAUSE,
    raise_on_status=False,
  )


def _checked(response: BaseHTTPResponse, method: str, path: str) -> bytes:
  data: bytes = response.data
  if response.status >= 300:
    raise answers.error(response.status, data, f"{method} {path}")
  return data


def _unreachable(host: str, error: Exception) -> ClusterUnreachable:
  cause = getattr(error, "reason", None) or error
  return ClusterUnreachable(
    f"the cluster at {host} does not answer: {cause}",
    remedy="check the network and that the cluster runs: keras-remote doctor",
  )
