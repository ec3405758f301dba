"""The images that jobs' images start from; a new version of them is a commit.

Digests are those of the multi-platform indexes, so that a build says exactly
what it started from, whatever the tag has come to mean.
"""

from __future__ import annotations

from collections.abc import Mapping

from keras_remote_core.errors import PythonMismatch

UV = "0.13.9"
"""The version of uv that installs into images."""

PLATFORM = "x86_64-manylinux_2_36"
"""What Debian 12 can run, for uv: all bases are of that release."""

_DIGESTS: Mapping[str, str] = {
  "3.11": "a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b",
  "3.12": "782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254",
  "3.13": "01f42367a0a94ad4bc17111776fd66e3500c1d87c15bbd6055b7371d39c124fb",
  "3.14": "9ab8d9c8514b44f90cf0029dd42fdd7e9e211e639c8b995304cc04568dee900f",
}


def base(python: str) -> str:
  """The base image for a minor version of Python, pinned by digest.

  Raises:
    PythonMismatch: there is none.
  """
  if python not in _DIGESTS:
    raise PythonMismatch(
      f"there is no base image with Python {python}, only with"
      f" {', '.join(_DIGESTS)}",
      remedy='use one of these here, or container_image="prebuilt"',
    )
  return f"python:{python}-slim-bookworm@sha256:{_DIGESTS[python]}"
