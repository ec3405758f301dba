"""Whether a pod fits a node, and what the scheduler says where not; pure."""

from __future__ import annotations

import collections
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen

from keras_remote_gke.testing.control.objects import Object, labels, name
from keras_remote_gke.testing.control.quantities import amount

Amounts = Mapping[str, Decimal]

_UNSCHEDULABLE = "node(s) were unschedulable"
_TAINT = "node(s) had untolerated taint(s)"
_SELECTOR = "node(s) didn't match Pod's node affinity/selector"
_HOPELESS = "Preemption is not helpful for scheduling"
_NO_VICTIMS = "No preemption victims found for incoming pod"


@frozen
class Misfit:
  """Why a node does not take a pod; whether a smaller load would help."""

  reasons: tuple[str, ...]
  hopeless: bool = True


def misfit(pod: Object, node: Object, used: Amounts) -> Misfit | None:
  """Why a pod does not fit a node on which so much is used; None: it does."""
  spec = node.get("spec", {})
  if spec.get("unschedulable"):
    return Misfit((_UNSCHEDULABLE,))
  if untolerated(pod, spec.get("taints") or [], ("NoSchedule", "NoExecute")):
    return Misfit((_TAINT,))
  if not _selects(pod["spec"], node):
    return Misfit((_SELECTOR,))
  return _shortage(requests(pod), allocatable(node), used)


def untolerated(
  pod: Object, taints: Iterable[Object], effects: Sequence[str]
) -> list[Object]:
  """The taints of some effects that keep a pod away."""
  tolerations = pod["spec"].get("tolerations") or []
  return [
    taint
    for taint in taints
    if taint["effect"] in effects
    and not any(tolerates(each, taint) for each in tolerations)
  ]


def tolerates(toleration: Object, taint: Object) -> bool:
  if toleration.get("effect") not in (None, "", taint["effect"]):
    return False
  key = toleration.get("key")
  if toleration.get("operator", "Equal") == "Exists":
    return key in (None, "", taint["key"])
  value = toleration.get("value", "")
  return bool(key == taint["key"] and value == taint.get("value", ""))


def requests(pod: Object) -> dict[str, Decimal]:
  """What a pod takes of a node, itself counted as one of ``pods``."""
  spec = pod["spec"]
  inits = spec.get("initContainers") or []
  sidecars = [e for e in inits if e.get("restartPolicy") == "Always"]
  total = _sum([*(spec.get("containers") or []), *sidecars])
  for each in inits:
    for key, value in _sum([each]).items():
      total[key] = max(total[key], value)
  return {**total, "pods": Decimal(1)}


def _sum(containers: Iterable[Object]) -> dict[str, Decimal]:
  total: dict[str, Decimal] = collections.defaultdict(Decimal)
  for each in containers:
    asked = (each.get("resources") or {}).get("requests") or {}
    for key, value in asked.items():
      total[key] += amount(value)
  return total


def allocatable(node: Object) -> dict[str, Decimal]:
  told = node.get("status", {}).get("allocatable") or {}
  return {key: amount(value) for key, value in told.items()}


def _shortage(wanted: Amounts, room: Amounts, used: Amounts) -> Misfit | None:
  short = [
    key
    for key, value in wanted.items()
    if value > 0 and used.get(key, Decimal()) + value > room.get(key, Decimal())
  ]
  if not short:
    return None
  never = any(wanted[key] > room.get(key, Decimal()) for key in short)
  return Misfit(
    tuple(
      "Too many pods" if key == "pods" else f"Insufficient {key}"
      for key in short
    ),
    never,
  )


def _selects(spec: Object, node: Object) -> bool:
  """Whether a pod's selector and its required affinity take a node."""
  have = labels(node)
  wanted = spec.get("nodeSelector") or {}
  if any(have.get(key) != value for key, value in wanted.items()):
    return False
  affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
  required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
  if not required:
    return True
  return any(
    _term(each, node) for each in required.get("nodeSelectorTerms") or []
  )


def _term(term: Object, node: Object) -> bool:
  own = {"metadata.name": name(node)}
  return all(
    expression(each, labels(node))
    for each in term.get("matchExpressions") or []
  ) and all(expression(each, own) for each in term.get("matchFields") or [])


def expression(item: Object, have: Mapping[str, str]) -> bool:
  """Whether labels are as one expression of a selector wants them."""
  value, values = have.get(item["key"]), item.get("values") or []
  operators: dict[str, Any] = {
    "In": lambda: value in values,
    "NotIn": lambda: value not in values,
    "Exists": lambda: value is not None,
    "DoesNotExist": lambda: value is None,
    "Gt": lambda: value is not None and int(value) > int(values[0]),
    "Lt": lambda: value is not None and int(value) < int(values[0]),
  }
  return bool(operators[item["operator"]]())


def message(misfits: Sequence[Misfit]) -> str:
  """What the scheduler says of a pod that fits none of a cluster's nodes."""
  if not misfits:
    return "no nodes available to schedule pods"
  counted = _counted(reason for each in misfits for reason in each.reasons)
  after = _counted(_HOPELESS if e.hopeless else _NO_VICTIMS for e in misfits)
  total = f"0/{len(misfits)} nodes are available"
  return (
    f"{total}: {counted}. no new claims to deallocate, preemption: {total}:"
    f" {after}."
  )


def _counted(reasons: Iterable[str]) -> str:
  counts = collections.Counter(reasons)
  return ", ".join(sorted(f"{n} {reason}" for reason, n in counts.items()))
