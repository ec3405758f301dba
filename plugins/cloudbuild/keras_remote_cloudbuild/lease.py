"""Who builds an image: one of all machines that need it.

A lease is an object in the store that its holder renews. The next holder's is
another object, whose name counts on: creating it only if absent lets one of any
number of takers win. Clocks that differ cost a second build of the same image
at worst.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import frozen

from keras_remote_core.roles import ArtifactStore, Entry

_FOLDER = "images/leases"


@frozen(kw_only=True)
class Lease:
  """The right to build, until it is given back or not renewed in time."""

  store: ArtifactStore
  key: str

  def renew(self) -> None:
    self.store.touch(self.key)

  def give_back(self) -> None:
    self.store.delete(self.key)


@frozen(kw_only=True)
class Leases:
  """The leases of one store.

  Args:
    who: the holder, for people.
    lifetime: seconds a lease is good for after it was renewed.
  """

  store: ArtifactStore
  who: str
  lifetime: float = 60.0
  now: Callable[[], float] = time.time

  def acquire(self, tag: str) -> Lease | None:
    """The lease for an image, or None while somebody else holds it."""
    last = self._last(tag)
    if last and last.modified + self.lifetime > self.now():
      return None
    number = _number(last) + 1 if last else 1
    key = f"{_FOLDER}/{tag}/{number:06}"
    try:
      self.store.write(key, self.who.encode(), only_if_absent=True)
    except FileExistsError:
      return None
    if last:
      self.store.delete(last.key)
    return Lease(store=self.store, key=key)

  def holder(self, tag: str) -> str:
    """Who has the lease, for people; nobody is an empty text."""
    last = self._last(tag)
    try:
      return self.store.read(last.key).decode() if last else ""
    except FileNotFoundError:  # given back meanwhile
      return ""

  def _last(self, tag: str) -> Entry | None:
    return max(self.store.list(f"{_FOLDER}/{tag}/"), default=None)


def _number(entry: Entry) -> int:
  return int(entry.key.rpartition("/")[2])
