"""What an image's packages are resolved from: the job's lines, made to fit.

Lines come normalised and checked from the packager; what is left to decide is
what the accelerator and a build without secrets ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packaging.requirements import Requirement

from keras_remote_core.errors import InvalidRequirement

# What runs on every generation of GPUs: CUDA 13 has left Volta behind.
_EXTRAS = {"gpu": "cuda12", "tpu": "tpu"}
_ACCELERATED = re.compile(r"(tpu|cuda|rocm).*")
_KERAS_BACKENDS = ("jax", "tensorflow", "torch")
# Distributions that are JAX's hands on a device.
_PLUGINS = {
  "gpu": re.compile(r"jax-cuda\d+-plugin"),
  "tpu": re.compile("libtpu"),
}


def prepared(
  lines: Iterable[str], kind: str, apt: Iterable[str] = ()
) -> tuple[str, ...]:
  """The lines an image gets, sorted; whatever a user pinned stays pinned.

  Keras gets JAX where no backend of it is required. JAX gets the extra of the
  accelerator, unless it has one already.

  Args:
    kind: ``"cpu"``, ``"gpu"`` or ``"tpu"``.
    apt: Debian packages that the image gets.

  Raises:
    InvalidRequirement: a build could not follow a line.
  """
  wanted = [*lines]
  for line in wanted:
    _check(line, {each.partition("=")[0] for each in apt})
  made = [_fitted(line, kind) for line in [*wanted, *_backend(wanted)]]
  return tuple(sorted(set(made)))


def check_plugin(
  lines: Iterable[str], installed: Iterable[str], kind: str
) -> None:
  """Looks for what lets JAX use the accelerator.

  Args:
    lines: what was asked for.
    installed: canonical names of all that the image gets.

  Raises:
    InvalidRequirement: the versions asked for have no such thing, so that the
      job would silently compute on the CPU.
  """
  if kind not in _PLUGINS or not _named("jax", lines):
    return
  if not any(_PLUGINS[kind].fullmatch(name) for name in installed):
    raise InvalidRequirement(
      f"the required jax brings nothing for a {kind.upper()}: its extra"
      f" {_EXTRAS[kind]!r} is unknown to that version",
      remedy="require a newer jax, or name the extra yourself in requirements=",
    )


def _check(line: str, apt: set[str]) -> None:
  if "${" in line:
    raise InvalidRequirement(
      f"{line!r} needs a variable, and builds have no secrets",
      remedy='container_image="prebuilt", which installs at the job\'s start',
    )
  if re.search(r"@\s*git\+", line) and "git" not in apt:
    raise InvalidRequirement(
      f"{line!r} is installed by git, which images do not have",
      remedy='@run(apt=["git"])',
    )


def _backend(lines: Iterable[str]) -> Iterator[str]:
  lines = [*lines]
  if _named("keras", lines) and not any(
    _named(each, lines) for each in _KERAS_BACKENDS
  ):
    yield "jax"


def _named(name: str, lines: Iterable[str]) -> bool:
  return any(Requirement(line).name == name for line in lines)


def _fitted(line: str, kind: str) -> str:
  made = Requirement(line)
  if made.name == "jax" and kind in _EXTRAS and not _accelerated(made):
    made.extras = {*made.extras, _EXTRAS[kind]}
  return str(made)


def _accelerated(made: Requirement) -> bool:
  return any(_ACCELERATED.fullmatch(extra) for extra in made.extras)
