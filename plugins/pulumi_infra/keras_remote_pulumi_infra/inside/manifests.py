"""Manifests by their digest: fetched once, verified, and kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from attrs import field, frozen

from keras_remote_core import places
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside import github
from keras_remote_pulumi_infra.inside.releases import Release
from keras_remote_pulumi_infra.inside.sources import Source


class Altered(InfraError):
  """A manifest has another content than it should."""


@frozen
class Manifest:
  """A manifest that is what it should be."""

  text: bytes = field(repr=False)
  sha256: str


def fetch(
  release: Release, source: Source | None, installed: str | None
) -> Manifest:
  """The manifest of a release.

  Args:
    source: where the user says it is; what he says it holds is believed.
    installed: the digest of what this release was installed from before,
      which then is the only right one.

  Raises:
    Altered: it has another content than it should.
    InfraError: it cannot be had.
  """
  if source and not source.is_url:
    return _read(release, source)
  wanted = source.sha256 if source else installed
  sha256 = wanted or github.digest(release)
  path = _folder() / f"{sha256}.yaml"
  if path.is_file() and _digest(kept := path.read_bytes()) == sha256:
    return Manifest(kept, sha256)
  address = source.location if source else github.url(release)
  text = github.download(address, release)
  if _digest(text) != sha256:
    raise _altered(release, address, _digest(text), sha256)
  _keep(path, text)
  return Manifest(text, sha256)


def _read(release: Release, source: Source) -> Manifest:
  path = Path(source.location).expanduser()
  try:
    text = path.read_bytes()
  except OSError as error:
    raise InfraError(
      f"the manifest of {release.name} at {path} cannot be read:"
      f" {error.strerror}",
      remedy=github.given(release),
    ) from error
  found = _digest(text)
  if source.sha256 not in (None, found):
    raise _altered(release, str(path), found, str(source.sha256))
  return Manifest(text, found)


def _altered(release: Release, where: str, found: str, wanted: str) -> Altered:
  return Altered(
    f"{where} is not the manifest of {release.name} {release.version} that is"
    f" expected: its SHA-256 is {found}, and should be {wanted}",
    remedy="find out who changed it; if it is right: keras-remote up"
    f" --manifest {release.name}={where}#sha256={found}",
  )


def _digest(text: bytes) -> str:
  return hashlib.sha256(text).hexdigest()


def _folder() -> Path:
  return places.cache_dir() / "manifests"


def _keep(path: Path, text: bytes) -> None:
  """Writes a file that is whole from its beginning."""
  path.parent.mkdir(parents=True, exist_ok=True)
  descriptor, name = tempfile.mkstemp(dir=path.parent)
  with os.fdopen(descriptor, "wb") as file:
    file.write(text)
  os.replace(name, path)
