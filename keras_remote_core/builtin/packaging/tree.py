"""The survey of a source tree: a walk that enters no folder it leaves out.

Because a folder that is left out is not entered, nothing below it comes back.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

from keras_remote_core.builtin.packaging import links
from keras_remote_core.builtin.packaging.notes import Notes
from keras_remote_core.builtin.packaging.rules import (
  OWN_IGNORE,
  Rules,
  is_environment,
  rules_above,
)
from keras_remote_core.builtin.packaging.secret_files import looks_secret
from keras_remote_core.builtin.packaging.survey import Entry, Survey, stamp
from keras_remote_core.errors import PackagingError


def survey(
  root: Path, notes: Notes, skip: frozenset[str] = frozenset()
) -> Survey:
  """What ships of the tree below a resolved root.

  Args:
    skip: absolute paths to leave out besides.

  Raises:
    PackagingError: a folder or file cannot be looked at.
  """
  started = time.time_ns()
  walk = _Walk(str(root), notes, skip)
  try:
    walk.run(rules_above(root, notes))
  except OSError as error:
    raise PackagingError(
      f"cannot read {error.filename} in the source tree: {error.strerror}",
      remedy=f"make it readable, or name it in {root / OWN_IGNORE}",
    ) from error
  return Survey(
    root=root,
    started=started,
    entries=tuple(sorted(walk.entries, key=lambda each: each.path)),
    secrets=tuple(sorted(walk.secrets)),
    outside=tuple(sorted(walk.outside)),
  )


@frozen
class _Walk:
  root: str
  notes: Notes
  skip: frozenset[str]
  entries: list[Entry] = field(factory=list)
  secrets: list[str] = field(factory=list)
  outside: list[str] = field(factory=list)

  def run(self, rules: Rules) -> None:
    pending = [(self.root, rules)]
    while pending:
      folder, rules = pending.pop()
      try:
        pending.extend(self._enter(folder, rules))
      except FileNotFoundError:
        if folder == self.root:
          raise

  def _enter(self, folder: str, rules: Rules) -> Iterator[tuple[str, Rules]]:
    """Records what ships directly in a folder; yields the folders below."""
    items = _scan(folder)
    if folder != self.root and is_environment(items):
      return
    rules = rules.within(items, self.notes)
    for item in items.values():
      is_folder = item.is_dir(follow_symlinks=False)
      if item.path in self.skip or rules.exclude(item.path, is_folder):
        continue
      if is_folder:
        yield item.path, rules
      else:
        self._record(item, rules)

  def _record(self, item: os.DirEntry[str], rules: Rules) -> None:
    with contextlib.suppress(FileNotFoundError):  # gone since the listing
      if item.is_symlink():
        self._link(item, rules)
      elif item.is_file(follow_symlinks=False):
        entry = Entry(self._relative(item), stamp(item.stat()))
        self._file(entry, (item.path,), rules)

  def _link(self, item: os.DirEntry[str], rules: Rules) -> None:
    found, path = links.follow(item.path, self.root), self._relative(item)
    if isinstance(found, links.Inside):
      own = stamp(item.stat(follow_symlinks=False))
      self.entries.append(Entry(path, own, found.link))
    elif isinstance(found, links.OutsideFile):
      names = (item.path, found.target)
      self._file(Entry(path, found.stamp), names, rules)
    elif isinstance(found, links.OutsideFolder):
      self.outside.append(path)

  def _file(self, entry: Entry, names: tuple[str, ...], rules: Rules) -> None:
    """Records a file that goes by these absolute paths, the tree's first."""
    recall = self.notes.recall
    secret = any(looks_secret(name, entry.stamp, recall) for name in names)
    if secret and not rules.ask_for(names[0]):
      self.secrets.append(entry.path)
    else:
      self.entries.append(entry)

  def _relative(self, item: os.DirEntry[str]) -> str:
    return item.path[len(self.root) + 1 :]


def _scan(folder: str) -> dict[str, os.DirEntry[str]]:
  with os.scandir(folder) as items:
    return {item.name: item for item in items}
