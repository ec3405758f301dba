"""What is left out of a source tree, whatever the files contain.

In this order of precedence: what ``.kerasremoteignore`` says (it may also
bring back what the rest leaves out), version control and caches, what
``.gitignore`` says. Excludes that git keeps elsewhere are not consulted: what
ships depends on the tree alone, not on who looks at it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from keras_remote_core.builtin.packaging import ignore
from keras_remote_core.builtin.packaging.notes import Notes

GIT_IGNORE = ".gitignore"
OWN_IGNORE = ".kerasremoteignore"
LEFT_OUT = frozenset(
  {
    ".git",
    ".hg",
    ".svn",
    ".DS_Store",
    ".hypothesis",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".tox",
    "__pycache__",
    "node_modules",
  }
)
_ENVIRONMENT = frozenset({"pyvenv.cfg", "conda-meta"})


@frozen
class Rules:
  """The ignore files that bear on one folder, from outside inwards."""

  git: tuple[ignore.Level, ...] = ()
  own: tuple[ignore.Level, ...] = ()

  def within(
    self, items: Mapping[str, os.DirEntry[str]], notes: Notes
  ) -> Rules:
    """These rules with those of the ignore files among a folder's items."""
    git, own = items.get(GIT_IGNORE), items.get(OWN_IGNORE)
    if git is None and own is None:
      return self
    return Rules(
      git=self.git + tuple(_levels(git, notes)),
      own=self.own + tuple(_levels(own, notes)),
    )

  def exclude(self, path: str, folder: bool) -> bool:
    """Whether an absolute path is left out."""
    own = ignore.verdict(self.own, path, folder)
    if own is not None:
      return own
    if os.path.basename(path) in LEFT_OUT:  # noqa: PTH119
      return True
    return bool(ignore.verdict(self.git, path, folder))

  def ask_for(self, path: str) -> bool:
    """Whether ``.kerasremoteignore`` brings a file back by name."""
    return ignore.verdict(self.own, path, folder=False) is False


def is_environment(items: Mapping[str, object]) -> bool:
  """Whether a folder of these items is a virtual or conda environment."""
  return not _ENVIRONMENT.isdisjoint(items)


def rules_above(root: Path, notes: Notes) -> Rules:
  """What the repository says in the folders above the root."""
  folders = reversed(_repository_above(root))
  texts = ((folder, notes.text(folder / GIT_IGNORE)) for folder in folders)
  return Rules(
    git=tuple(ignore.level(str(folder), text) for folder, text in texts if text)
  )


def _levels(
  item: os.DirEntry[str] | None, notes: Notes
) -> Iterator[ignore.Level]:
  if item is not None and item.is_file():
    path = Path(item.path)
    yield ignore.level(str(path.parent), notes.text(path) or "")


def _repository_above(root: Path) -> list[Path]:
  """Folders above the root up to the repository's, innermost first."""
  passed: list[Path] = []
  for folder in (root, *root.parents):
    # A home directory under git is for dotfiles; it says nothing of projects.
    if Path.home().resolve().is_relative_to(folder):
      break
    passed.append(folder)
    if (folder / ".git").exists():
      return passed[1:]
  return []
