"""One object of the cluster: how it stands, and how it is made."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from keras_remote_gke.errors import ClusterError
from keras_remote_pulumi_infra.inside import values
from keras_remote_pulumi_infra.inside.kinds import Kinds
from keras_remote_pulumi_infra.inside.values import Body

_VOLATILE = ("generation", "managedFields", "resourceVersion")
"""What the server itself counts, or tells of whoever asks."""


class Standing(enum.Enum):
  """How an object of the cluster is to the one that is wanted."""

  ABSENT = enum.auto()
  OTHERS = enum.auto()
  DIFFERENT = enum.auto()
  SAME = enum.auto()


def standing(kinds: Kinds, body: Body) -> Standing:
  """How it stands; what would become of it is the server's own answer."""
  path = kinds.path(body)
  found = None if path is None else get(kinds, path)
  if path is None or found is None:
    return Standing.ABSENT
  if not values.ours(found):
    return Standing.OTHERS
  told = kinds.api.apply(path, body, dry_run=True, force=True)
  same = _lasting(found) == _lasting(told)
  return Standing.SAME if same else Standing.DIFFERENT


def make(kinds: Kinds, body: Body) -> Standing:
  """Makes an object what is wanted, unless it is somebody else's.

  Of an object of ours, what others have set is set back.

  Returns: how it stood.
  """
  path = kinds.required(body)
  found = get(kinds, path)
  if found is not None and not values.ours(found):
    return Standing.OTHERS
  told = kinds.api.apply(path, body, force=True)
  if found is None:
    return Standing.ABSENT
  same = _lasting(found) == _lasting(told)
  return Standing.SAME if same else Standing.DIFFERENT


def get(kinds: Kinds, path: str) -> Body | None:
  """What is at a path; None where nothing is."""
  try:
    found: Body = kinds.api.get(path)
  except ClusterError as error:
    if error.status != 404:
      raise
    return None
  return found


def _lasting(found: Body) -> Mapping[str, Any]:
  """An object without what changes by itself."""
  about = found["metadata"]
  kept = {key: value for key, value in about.items() if key not in _VOLATILE}
  told = {key: value for key, value in found.items() if key != "status"}
  return {**told, "metadata": kept}
