"""Which image a job gets: everything that goes into it, and its tag; pure.

The runner is mounted into jobs and not part of any image, so that a new
version of keras-remote needs no new images.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from attrs import frozen

from keras_remote_cloudbuild.dockerfile import (
  FRAMEWORKS,
  PACKAGES,
  Layers,
  dockerfile,
)
from keras_remote_cloudbuild.locks import Lock

UNRESOLVED = "UNRESOLVED"
_SCHEMA = 1


@frozen(kw_only=True)
class Recipe:
  """What an image is made from.

  Args:
    base: the reference of the base image, by digest.
    kind: ``"cpu"``, ``"gpu"`` or ``"tpu"``.
    python: the minor version.
    platform: what uv calls the image's platform.
    requirements: what is asked for, sorted.
    uv: the version of uv that installs.
    apt: Debian packages.
    index: the URL of a package index, or None.
    lock: what the requirements come to; None where that is not known yet.
  """

  base: str
  kind: str
  python: str
  platform: str
  requirements: tuple[str, ...]
  uv: str
  apt: tuple[str, ...] = ()
  index: str | None = None
  lock: Lock | None = None

  @property
  def lock_name(self) -> str:
    """The digest of what the lock is resolved from."""
    return _digest(
      {
        "python": self.python,
        "platform": self.platform,
        "index": self.index or "",
        "requirements": list(self.requirements),
      }
    )

  @property
  def tag(self) -> str:
    """The digest of all inputs, marked where it stands for no exact image."""
    if self.lock is None:
      inputs = {**self._known, "requirements": list(self.requirements)}
      return f"{UNRESOLVED}-{_digest(inputs)}"
    return _digest({**self._known, "lock": self.lock.text})

  @property
  def inputs(self) -> Mapping[str, str]:
    """Each input by name, as text."""
    return {
      "base image": self.base,
      "accelerator": self.kind,
      "python": self.python,
      "uv": self.uv,
      "apt": "\n".join(sorted(set(self.apt))),
      "index": self.index or "",
      "requirements": "\n".join(self.requirements),
      "lock": self.lock.text if self.lock else UNRESOLVED,
      "dockerfile": self.dockerfile,
    }

  @property
  def dockerfile(self) -> str:
    files: tuple[str, ...] = (FRAMEWORKS, PACKAGES)
    if self.lock is not None:
      files = tuple(name for name, text in self._listings.items() if text)
    layers = Layers(
      base=self.base, uv=self.uv, apt=self.apt, index=self.index, files=files
    )
    return dockerfile(layers)

  @property
  def files(self) -> Mapping[str, bytes]:
    """What a build is given, by name."""
    texts = {"Dockerfile": self.dockerfile, **self._listings}
    return {name: text.encode() for name, text in texts.items() if text}

  @property
  def _listings(self) -> Mapping[str, str]:
    lock = self.lock or Lock(())
    return {FRAMEWORKS: lock.frameworks, PACKAGES: lock.rest}

  @property
  def _known(self) -> Mapping[str, object]:
    return {
      "schema": _SCHEMA,
      "base": self.base,
      "kind": self.kind,
      "python": self.python,
      "dockerfile": self.dockerfile,
    }


def _digest(inputs: Mapping[str, object]) -> str:
  text = json.dumps(inputs, sort_keys=True, separators=(",", ":"))
  return hashlib.sha256(text.encode()).hexdigest()
