"""Which of Pathways' images go with the JAX of a job; pure.

The function's JAX and Pathways' own processes speak a protocol that belongs to
one release of JAX, so that there is an image for each.
"""

from __future__ import annotations

from collections.abc import Iterable

from keras_remote_core.errors import UsageError

KNOWN = (
  "0.5.3",
  "0.6.0",
  "0.6.1",
  "0.6.2",
  "0.7.0",
  "0.7.1",
  "0.7.2",
  "0.8.0",
  "0.8.1",
  "0.8.2",
  "0.8.3",
  "0.9.0",
  "0.9.1",
  "0.9.2",
  "0.10.0",
)
"""The releases of JAX from the first image that Google's guides name to the
newest; newer ones are named by ``image_tag``."""
NEWEST = KNOWN[-1]
# Of pathwaysutils, the release that goes with the JAX is chosen by installing.
REQUIREMENTS = ("pathwaysutils>=0.1.1", f"jax=={NEWEST}")
"""What a job on Pathways needs, where nobody names it."""
# A job's Python is of this one's version, on another machine.
_THERE = {
  "os_name": "posix",
  "platform_machine": "x86_64",
  "platform_system": "Linux",
  "sys_platform": "linux",
}


def tag(requirements: Iterable[str]) -> str:
  """The tag of the images for a job with these requirement lines.

  Raises:
    UsageError: they pin no JAX, or one that there is no image for.
  """
  from packaging.version import Version

  pinned = next(filter(None, map(_pinned, requirements)), None)
  if pinned is None:
    raise UsageError(
      "the job's requirements leave open which jax it gets, and Pathways' own"
      " processes have to be of the very same version",
      remedy=f"pin it: requirements=['jax=={NEWEST}'], or name the tag of an"
      " image: image_tag=",
    )
  asked = Version(pinned)
  for known in KNOWN:
    if asked == Version(known):
      return f"jax-{known}"
  older = [known for known in KNOWN if Version(known) < asked] or KNOWN
  raise UsageError(
    f"Pathways has no image for jax {pinned}; it has those for"
    f" {', '.join(KNOWN)}",
    remedy=f"require one of them, such as jax=={older[-1]}, or name the tag of"
    " an image that you know of: image_tag=",
  )


def _pinned(line: str) -> str | None:
  """The version that a line pins jax to, if it does."""
  from packaging.requirements import Requirement

  requirement = Requirement(line)
  marker = requirement.marker
  if requirement.name != "jax" or (marker and not marker.evaluate(_THERE)):
    return None
  for each in requirement.specifier:
    if each.operator == "==" and not each.version.endswith(".*"):
      return each.version
  return None
