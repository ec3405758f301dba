"""What a look at a source tree finds, before any content is read."""

from __future__ import annotations

import hashlib
import heapq
import os
import stat
from pathlib import Path
from typing import NamedTuple

from attrs import frozen

TICK = 50_000_000
_COARSE = 2_000_000_000


class Stamp(NamedTuple):
  """What changes in a file's status whenever its content does; times in ns."""

  size: int
  modified: int
  changed: int
  inode: int
  mode: int

  def settled(self, at: int) -> bool:
    """Whether any write after ``at`` gives another stamp.

    A write within the same tick of the file system's clock would not (git's
    "racily clean" entries). A clock that shows whole seconds is taken for
    one that ticks every two, as FAT's does.
    """
    coarse = self.changed % 1_000_000_000 == 0
    return (
      max(self.modified, self.changed) + (_COARSE if coarse else TICK) <= at
    )


def stamp(status: os.stat_result) -> Stamp:
  return Stamp(
    status.st_size,
    status.st_mtime_ns,
    status.st_ctime_ns,
    status.st_ino,
    status.st_mode,
  )


@frozen
class Entry:
  """One path that ships.

  Args:
    path: POSIX, relative to the root.
    stamp: of the file itself; of the target, for a link that is followed.
    link: what a symbolic link inside the tree points to, relative to its own
      folder; None for files.
  """

  path: str
  stamp: Stamp
  link: str | None = None

  @property
  def size(self) -> int:
    return 0 if self.link is not None else self.stamp.size

  @property
  def executable(self) -> bool:
    return bool(self.stamp.mode & stat.S_IXUSR)


@frozen(kw_only=True)
class Survey:
  """What of a source tree ships, and what was left out on purpose.

  Args:
    started: when the look began, in nanoseconds since the epoch.
    entries: ordered by path.
    secrets: paths of files that look as if they hold secrets.
    outside: paths of links to folders outside of the root.
  """

  root: Path
  started: int
  entries: tuple[Entry, ...]
  secrets: tuple[str, ...] = ()
  outside: tuple[str, ...] = ()

  @property
  def size(self) -> int:
    return sum(each.size for each in self.entries)

  @property
  def settled(self) -> bool:
    return all(each.stamp.settled(self.started) for each in self.entries)

  def largest(self, count: int = 5) -> tuple[tuple[str, int], ...]:
    """The largest files' paths and bytes, largest first."""
    top = heapq.nlargest(count, self.entries, key=lambda each: each.size)
    return tuple((each.path, each.size) for each in top)

  def fingerprint(self) -> str:
    """A digest of every path and stamp: equal means that nothing changed."""
    digest = hashlib.sha256()
    for each in self.entries:
      line = repr((each.path, tuple(each.stamp), each.link))
      digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
