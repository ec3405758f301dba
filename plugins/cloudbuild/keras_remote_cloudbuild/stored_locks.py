"""Locks in the store, where all machines of a project find the same one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from keras_remote_cloudbuild.digest import Recipe
from keras_remote_cloudbuild.errors import ImageError
from keras_remote_cloudbuild.locks import Lock
from keras_remote_core.roles import ArtifactStore

_FOLDER = "images/locks"
Resolve = Callable[[Recipe], Lock]


class StoredLocks:
  """The store's locks, each remembered here for when there is no network.

  Args:
    cache: a folder of this machine; it need not exist.
  """

  def __init__(self, store: ArtifactStore, cache: Path) -> None:
    self._store, self._cache = store, cache

  def remembered(self, recipe: Recipe) -> Lock | None:
    """The lock as this machine last saw it; asks nothing of the store."""
    try:
      text = self._file(recipe).read_text(encoding="utf-8")
      return _checked(text, recipe, "this machine's cache")
    except (OSError, ImageError):
      return None

  def get(self, recipe: Recipe, resolve: Resolve) -> Lock:
    """The store's lock, resolved now where there is none.

    Raises:
      ImageError: the store's is no lock of these requirements.
    """
    if lock := self.stored(recipe):
      return lock
    lock = resolve(recipe)
    try:
      self._store.write(_key(recipe), lock.text.encode(), only_if_absent=True)
    except FileExistsError:  # another machine was first
      return self.get(recipe, resolve)
    self._remember(recipe, lock)
    return lock

  def stored(self, recipe: Recipe) -> Lock | None:
    """The store's lock, if there is one.

    Raises:
      ImageError: it is no lock of these requirements.
    """
    try:
      text = self._store.read(_key(recipe)).decode(errors="replace")
    except FileNotFoundError:
      return None
    lock = _checked(text, recipe, self._store.url(_key(recipe)))
    self._remember(recipe, lock)
    return lock

  def replace(self, recipe: Recipe, lock: Lock) -> None:
    """Has everyone use another lock from now on."""
    self._store.write(_key(recipe), lock.text.encode())
    self._remember(recipe, lock)

  def _remember(self, recipe: Recipe, lock: Lock) -> None:
    file = self._file(recipe)
    with contextlib.suppress(OSError):  # it can be had again
      file.parent.mkdir(parents=True, exist_ok=True)
      temporary = file.with_name(f"{file.name}.{os.getpid()}")
      temporary.write_text(lock.text, encoding="utf-8")
      os.replace(temporary, file)

  def _file(self, recipe: Recipe) -> Path:
    return self._cache / f"{recipe.lock_name}.txt"


def _key(recipe: Recipe) -> str:
  return f"{_FOLDER}/{recipe.lock_name}.txt"


def _checked(text: str, recipe: Recipe, place: str) -> Lock:
  try:
    lock = Lock.parse(text)
    lock.check(recipe.requirements)
  except ValueError as error:
    raise ImageError(
      f"{place} is no lock of these requirements: {error}",
      remedy="keras-remote image build --upgrade SCRIPT.PY:FUNCTION",
    ) from error
  return lock
