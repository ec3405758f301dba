"""Images: what is asked for, what it would be, and what was found."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from attrs import field, frozen


@frozen(kw_only=True)
class ImageRequest:
  """What an image is decided from.

  Args:
    image: what the user named in ``container_image``, or None.
    requirements: the bundle's requirement lines.
    python: the client's minor version, such as ``"3.12"``.
    kind: ``"cpu"``, ``"gpu"`` or ``"tpu"``.
  """

  image: str | None
  requirements: tuple[str, ...]
  python: str
  kind: str


class Contents(enum.StrEnum):
  """What can be imported in an image, besides the standard library."""

  CLIENT = "client"
  """All that this very interpreter has."""
  REQUIREMENTS = "requirements"
  """The requirements and nothing else."""
  UNKNOWN = "unknown"
  """The requirements, and whatever its maker put in."""


@frozen(kw_only=True)
class ImageKey:
  """A purely computed image reference and each input that went into it.

  Args:
    notes: lines that who plans a call should see, such as what changed.
  """

  reference: str
  contents: Contents = Contents.REQUIREMENTS
  inputs: Mapping[str, str] = field(factory=dict)
  notes: tuple[str, ...] = ()


class Install(enum.StrEnum):
  """What the runner does about requirements before it starts the function."""

  NOTHING = "nothing"
  """The environment has them already."""
  MISSING = "missing"
  """Installed on top of what the image brings."""
  ALL = "all"
  """Installed into a fresh environment that inherits nothing."""


@frozen(kw_only=True)
class Image:
  """An image that is there, pinned by digest wherever one can be known.

  Args:
    reference: what a container backend runs; None on hosts without containers.
    python: the minor version inside, or None where it cannot be known.
    install: what is left to install when the job starts.
  """

  reference: str | None
  python: str | None = None
  install: Install = Install.NOTHING
