"""Resolves requirements for the platform of the images, here and now.

This takes seconds where a build would take minutes to say the same.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from keras_remote_cloudbuild.digest import Recipe
from keras_remote_cloudbuild.errors import Unresolvable
from keras_remote_cloudbuild.locks import Lock

_INDEX = "UV_DEFAULT_INDEX"


def resolve(recipe: Recipe, folder: Path) -> Lock:
  """The lock of a recipe's requirements.

  The indexes are those that uv is configured for on this machine, less what
  the project in the working directory says: its lock is for others as well.

  Args:
    folder: one without a project in it.

  Raises:
    Unresolvable: there is none; the message is uv's.
  """
  if not recipe.requirements:
    return Lock(())
  done = subprocess.run(
    _command(recipe),
    input="".join(f"{line}\n" for line in recipe.requirements),
    capture_output=True,
    text=True,
    cwd=folder,
    env=_environment(recipe.index),
  )
  if done.returncode != 0:
    raise _failure(recipe.requirements, done.stderr)
  return _lock(done.stdout, recipe.requirements)


def _command(recipe: Recipe) -> list[str]:
  import uv

  return [
    os.fsdecode(uv.find_uv_bin()),
    "pip",
    "compile",
    "-",
    f"--python-version={recipe.python}",
    f"--python-platform={recipe.platform}",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-strip-extras",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--color=never",
    "--quiet",
  ]


def _lock(text: str, requirements: Iterable[str]) -> Lock:
  """What uv wrote, looked at before anybody else is given it."""
  try:
    lock = Lock.parse(text)
    lock.check(requirements)
  except ValueError as error:
    raise Unresolvable(
      f"what uv made of the requirements is no lock of them: {error}",
      remedy="UV_NO_CONFIG=1, or leave less in the section [pip] of your uv.toml",
    ) from error
  return lock


def _environment(index: str | None) -> dict[str, str]:
  return {**os.environ, **({_INDEX: index} if index else {})}


def _failure(requirements: Iterable[str], said: str) -> Unresolvable:
  lines = "".join(f"\n  {line.strip()}" for line in said.strip().splitlines())
  return Unresolvable(
    f"no versions fit the requirements {', '.join(requirements)}:{lines}",
    remedy="change requirements.txt, or requirements= of @run",
  )
