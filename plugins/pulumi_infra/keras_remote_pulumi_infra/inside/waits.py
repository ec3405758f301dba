"""Waits for what the cluster does by itself."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from attrs import frozen

from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside import objects
from keras_remote_pulumi_infra.inside.kinds import Kinds
from keras_remote_pulumi_infra.inside.values import Body

ESTABLISHED, AVAILABLE = "Established", "Available"


@frozen(kw_only=True)
class Patience:
  """How long the cluster has for something.

  Args:
    seconds: in all; a machine for a controller can take some minutes.
    pause: seconds between two looks.
  """

  seconds: float = 600.0
  pause: float = 2.0


def until(
  kinds: Kinds, bodies: Iterable[Body], condition: str, patience: Patience
) -> None:
  """Waits until a condition holds of each object.

  Raises:
    InfraError: it did not, in all that time.
  """
  deadline = time.monotonic() + patience.seconds
  for each in bodies:
    path = kinds.required(each)
    while (missing := _missing(kinds, path, condition)) is not None:
      if time.monotonic() > deadline:
        raise _late(each, condition, missing, patience)
      time.sleep(patience.pause)


def gone(kinds: Kinds, paths: Iterable[str], patience: Patience) -> None:
  """Waits until nothing is at any of these paths; not for ever."""
  deadline = time.monotonic() + patience.seconds
  for each in paths:
    while objects.get(kinds, each) and time.monotonic() < deadline:
      time.sleep(patience.pause)


def _missing(kinds: Kinds, path: str, condition: str) -> str | None:
  """What the object says in place of the condition; None: it holds."""
  found: Any = objects.get(kinds, path) or {"metadata": {}}
  status = found.get("status", {})
  wanted = found["metadata"].get("generation", 0)
  # What is told of an earlier state of it says nothing of this one.
  if status.get("observedGeneration", wanted) < wanted:
    return "its change is not noticed yet"
  for each in status.get("conditions", []):
    if each["type"] == condition:
      told = str(each.get("message") or each.get("reason") or "")
      return None if each["status"] == "True" else told
  return "nothing is told of it yet"


def _late(
  body: Body, condition: str, missing: str, patience: Patience
) -> InfraError:
  about = body["metadata"]
  within = f" in {about['namespace']}" if about.get("namespace") else ""
  return InfraError(
    f"{body['kind']} {about['name']}{within} is not {condition.lower()} after"
    f" {patience.seconds:.0f} s: {missing}",
    remedy="keras-remote status; keras-remote up goes on from here",
  )
