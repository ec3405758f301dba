"""The user's source tree, laid out again in the job."""

from __future__ import annotations

import os
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path


def unpack(archive: Path, target: Path) -> None:
  """Extracts an archive; nothing may land outside of ``target``.

  Raises:
    tarfile.FilterError: a member would leave the target.
  """
  if not hasattr(tarfile, "data_filter"):
    raise RuntimeError(
      "this Python cannot unpack safely; use an image with 3.11.4 or newer"
    )
  target.mkdir(parents=True, exist_ok=True)
  with tarfile.open(archive) as tar:
    tar.extractall(target, filter="data")


def enter(root: Path, sys_path: Sequence[str], cwd: str) -> None:
  """Puts the tree on ``sys.path`` and goes to the working directory.

  The runner's own entry stays first, so that it is what the payload finds.
  """
  folders = [str((root / each).resolve()) for each in sys_path]
  sys.path[1:1] = [each for each in folders if each not in sys.path]
  os.chdir(_directory(root, cwd))


def _directory(root: Path, cwd: str) -> Path:
  # An empty folder does not travel in the archive.
  directory = root / cwd
  directory.mkdir(parents=True, exist_ok=True)
  return directory
