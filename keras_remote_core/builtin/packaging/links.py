"""What a symbolic link in a source tree means for the job."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from attrs import frozen

from keras_remote_core.builtin.packaging.survey import Stamp, stamp


@frozen
class Inside:
  """A link that stays in the tree: ``link`` is relative to its own folder."""

  link: str


@frozen
class OutsideFile:
  """A link to a file elsewhere: the file's content ships in its place."""

  target: str
  stamp: Stamp


@frozen
class OutsideFolder:
  """A link to a folder elsewhere: nobody knows how much hangs on it."""


def follow(path: str, root: str) -> Inside | OutsideFile | OutsideFolder | None:
  """What the link at ``path`` stands for; None if it leads nowhere.

  Links in the tree are rewritten to where they finally lead, so that none
  passes through a place outside. ``root`` is resolved.
  """
  try:
    target = os.path.realpath(path, strict=True)
    status = Path(target).stat()
  except OSError:  # dangling, or a circle
    return None
  if target == root or target.startswith(root.rstrip("/") + "/"):
    return Inside(os.path.relpath(target, Path(path).parent))
  if stat.S_ISDIR(status.st_mode):
    return OutsideFolder()
  if stat.S_ISREG(status.st_mode):
    return OutsideFile(target, stamp(status))
  return None
