"""Locks: every package of an image with its version and files; pure.

The text is what ``uv pip compile`` writes and ``uv pip install`` reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import frozen
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from keras_remote_cloudbuild.addresses import same_source

_PACKAGE = re.compile(
  r"(?P<name>[a-z0-9-]+)(\[[a-z0-9,._-]+\])?"
  r"(==(?P<version>[\w.!+-]+)| @ (?P<address>[^\s$]+))( ; [^\\\n]+?)?"
  r"(?P<hashes>( \\\n    --hash=sha256:[0-9a-f]{64})*)",
  re.ASCII,
)
# What is large and seldom changes: it gets a layer of its own.
_FRAMEWORK = re.compile(
  r"jax|jaxlib|jax-cuda.*|libtpu|keras|tensorflow.*|torch.*|triton|nvidia-.*"
  r"|numpy|scipy|ml-dtypes|opt-einsum|h5py"
)


@frozen(kw_only=True)
class Package:
  """One package of a lock; ``text`` is all that the lock says of it."""

  name: str
  version: str
  text: str

  @property
  def is_framework(self) -> bool:
    return _FRAMEWORK.fullmatch(self.name) is not None

  @property
  def has_address(self) -> bool:
    """Whether ``version`` is the address that it comes from."""
    return f" @ {self.version}" in self.text


@frozen
class Lock:
  """Packages ordered by name."""

  packages: tuple[Package, ...]

  @classmethod
  def parse(cls, text: str) -> Lock:
    """A lock from its text.

    Raises:
      ValueError: it holds anything but packages with versions or addresses.
    """
    found, end = [], 0
    while end < len(text.rstrip()):
      match = _PACKAGE.match(text, end)
      if match is None or text[match.end() : match.end() + 1] not in ("", "\n"):
        raise ValueError(
          f"not a locked package: {text[end:].partition(chr(10))[0]!r}"
        )
      version = match["version"] or match["address"]
      found.append(
        Package(name=match["name"], version=version, text=match.group())
      )
      end = match.end() + 1
    return cls(tuple(sorted(found, key=lambda each: (each.name, each.text))))

  @property
  def text(self) -> str:
    return _text(self.packages)

  @property
  def frameworks(self) -> str:
    """The text of what is large and seldom changes."""
    return _text(each for each in self.packages if each.is_framework)

  @property
  def rest(self) -> str:
    """The text of everything else."""
    return _text(each for each in self.packages if not each.is_framework)

  @property
  def versions(self) -> Mapping[str, str]:
    return {each.name: each.version for each in self.packages}

  def check(self, requirements: Iterable[str]) -> None:
    """Looks whether the lock can be one of these requirements.

    Whoever can write to a store could leave another one there.

    Raises:
      ValueError: it lacks one of them, has another version than one allows,
        or addresses that none names.
    """
    asked = [Requirement(line) for line in requirements]
    for each in asked:
      if each.marker is None:
        self._check_version(each)
    addresses = [each.url for each in asked if each.url]
    for package in self.packages:
      if package.has_address and not any(
        same_source(each, package.version) for each in addresses
      ):
        raise ValueError(f"nobody asked for {package.version}")

  def _check_version(self, asked: Requirement) -> None:
    found = self.versions.get(canonicalize_name(asked.name))
    if found is None:
      raise ValueError(f"it lacks {asked.name}")
    # One that has an address has no specifier, and no version either.
    allowed = asked.specifier
    if allowed and not allowed.contains(found, prereleases=True):
      raise ValueError(f"it has {asked.name} {found}, not {allowed}")


def _text(packages: Iterable[Package]) -> str:
  return "".join(f"{each.text}\n" for each in packages)
