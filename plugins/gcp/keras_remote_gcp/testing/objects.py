"""Buckets of objects in memory, with Cloud Storage's rules."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from keras_remote_gcp.testing import refusals
from keras_remote_gcp.testing.stored_object import (
  StoredObject,
  custom_time,
)


class Objects:
  """All buckets; safe among threads.

  ``query`` is that of the request, for its preconditions.
  """

  def __init__(self) -> None:
    self._buckets: dict[str, dict[str, StoredObject]] = {}
    # Real generations are times in microseconds as well.
    self._generations = itertools.count(1_700_000_000_000_000)
    self._lock = threading.RLock()

  def create_bucket(self, bucket: str) -> None:
    with self._lock:
      if bucket in self._buckets:
        raise refusals.Refusal(409, "Your previous request succeeded.")
      self._buckets[bucket] = {}

  def bucket(self, bucket: str) -> dict[str, StoredObject]:
    """A copy of what a bucket holds."""
    with self._lock:
      return dict(self._existing(bucket))

  def get(
    self, bucket: str, name: str, query: Mapping[str, str]
  ) -> StoredObject:
    with self._lock:
      found = self._existing(bucket).get(name)
      _check(query, found)
    wanted = query.get("generation")
    if found is None or wanted not in (None, str(found.generation)):
      raise refusals.no_object(bucket, name)
    return found

  def put(
    self,
    bucket: str,
    name: str,
    data: bytes,
    properties: Mapping[str, Any],
    query: Mapping[str, str],
    composite: bool = False,
  ) -> StoredObject:
    """Stores an object, in place of the one that has its name.

    Args:
      properties: what of the object's resource the caller gives.
      composite: it was made of parts, so that it has no MD5.
    """
    made = StoredObject.of(bucket, name, data, properties, composite)
    with self._lock:
      held = self._existing(bucket)
      _check(query, held.get(name))
      held[name] = evolve(made, generation=next(self._generations))
      return held[name]

  def patch(
    self,
    bucket: str,
    name: str,
    changes: Mapping[str, Any],
    query: Mapping[str, str],
  ) -> StoredObject:
    with self._lock:
      found = self.get(bucket, name, query)
      _check_custom_time(found, changes)
      self._buckets[bucket][name] = found.patched(changes)
      return self._buckets[bucket][name]

  def delete(self, bucket: str, name: str, query: Mapping[str, str]) -> None:
    with self._lock:
      self.get(bucket, name, query)
      del self._buckets[bucket][name]

  def _existing(self, bucket: str) -> dict[str, StoredObject]:
    if bucket not in self._buckets:
      raise refusals.no_bucket()
    return self._buckets[bucket]


def _check(query: Mapping[str, str], found: StoredObject | None) -> None:
  """Refuses where a precondition does not hold."""
  generation = "0" if found is None else str(found.generation)
  metageneration = "0" if found is None else str(found.metageneration)
  wanted = (
    ("ifGenerationMatch", generation, True),
    ("ifGenerationNotMatch", generation, False),
    ("ifMetagenerationMatch", metageneration, True),
    ("ifMetagenerationNotMatch", metageneration, False),
  )
  for parameter, actual, equal in wanted:
    if parameter in query and (query[parameter] == actual) is not equal:
      raise refusals.precondition()


def _check_custom_time(found: StoredObject, changes: Mapping[str, Any]) -> None:
  if "customTime" not in changes or found.custom_time is None:
    return
  wanted = custom_time(changes)
  if wanted is None or wanted < found.custom_time:
    raise refusals.invalid("The customTime cannot be removed or set back.")
