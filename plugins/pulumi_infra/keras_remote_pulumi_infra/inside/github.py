"""What GitHub has of a release: its manifest, and the digest of that."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from keras_remote_gke import api
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside.releases import Release

if TYPE_CHECKING:
  from requests import Response

_VARIABLE = "KERAS_REMOTE_GITHUB"
"""Another GitHub than the public one, such as a mirror's."""
_HOST, _API = "https://github.com", "https://api.github.com"
_ASSET = "manifests.yaml"
_TIMEOUT = 30.0
_TRIES = 3


def url(release: Release) -> str:
  """Where a release's manifest is."""
  host = os.environ.get(_VARIABLE, _HOST).rstrip("/")
  return (
    f"{host}/{release.repository}/releases/download/{release.version}/{_ASSET}"
  )


def digest(release: Release) -> str:
  """The SHA-256 that GitHub publishes for a release's manifest.

  Raises:
    InfraError: it does not answer, or has none.
  """
  own = os.environ.get(_VARIABLE)
  # As GitHub Enterprise has it.
  root = f"{own.rstrip('/')}/api/v3" if own else _API
  answer = _get(
    f"{root}/repos/{release.repository}/releases/tags/{release.version}",
    release,
    {"Accept": "application/vnd.github+json"},
  )
  found = _digest(answer)
  if found is None:
    raise InfraError(
      f"GitHub tells no digest of {_ASSET} of {release.name} {release.version}",
      remedy=given(release),
    )
  return found


def download(address: str, release: Release) -> bytes:
  """What is at an address.

  Raises:
    InfraError: nothing came.
  """
  content: bytes = _get(address, release, {}).content
  return content


def given(release: Release) -> str:
  """The command for who has the manifest already."""
  return (
    f"download {url(release)} where that can be done, then: keras-remote up"
    f" --manifest {release.name}=FILE"
  )


def _get(address: str, release: Release, headers: dict[str, str]) -> Response:
  import requests
  from requests.adapters import HTTPAdapter

  try:
    with requests.Session() as session:
      adapter = HTTPAdapter(max_retries=api.retries(_TRIES))
      for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
      answer = session.get(address, headers=headers, timeout=_TIMEOUT)
      answer.raise_for_status()
      return answer
  except requests.RequestException as error:
    raise InfraError(
      f"the manifest of {release.name} {release.version} cannot be had from"
      f" {address}: {_told(error)}",
      remedy=f"check the network, and keras-remote up again; or {given(release)}",
    ) from error


def _told(error: Any) -> str:
  """An error in a line, without the address, which is named already."""
  answer = error.response
  if answer is None:
    return type(error).__name__
  return f"HTTP {answer.status_code} {answer.reason}"


def _digest(answer: Response) -> str | None:
  try:
    assets = answer.json()["assets"]
    named = {each["name"]: each.get("digest") for each in assets}
  except (ValueError, KeyError, TypeError):
    return None
  kind, _, found = str(named.get(_ASSET)).partition(":")
  return found if kind == "sha256" else None
