"""Which pods want to be near each other, and which do not; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  labels,
  namespace,
)
from keras_remote_gke.testing.controllers.fitting import Misfit, expression

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_AFFINITY = "node(s) didn't match pod affinity rules"
_ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
_EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules"


def exclusive(spec: Object, label: str, value: str, topology: str) -> None:
  """Has pods of one label's value share a topology with no other of theirs."""

  def term(*expressions: Object) -> list[Object]:
    selector = {"matchExpressions": list(expressions)}
    return [{"labelSelector": selector, "topologyKey": topology}]

  own = {"key": label, "operator": "In", "values": [value]}
  others = {"key": label, "operator": "NotIn", "values": [value]}
  any_of_them = {"key": label, "operator": "Exists"}
  affinity = spec.setdefault("affinity", {})
  for kind, terms in (
    ("podAffinity", term(own)),
    ("podAntiAffinity", term(any_of_them, others)),
  ):
    affinity.setdefault(kind, {}).setdefault(_REQUIRED, []).extend(terms)


@frozen
class Placed:
  """A pod that has a node, and that node's labels."""

  pod: Object
  node: Object


def misfit(
  pod: Object, node: Object, placed: Sequence[Placed]
) -> Misfit | None:
  """Why the pods there are keep a pod from a node; None: they do not."""
  if not all(_near(e, pod, node, placed) for e in _terms(pod, "podAffinity")):
    return Misfit((_AFFINITY,))
  for term in _terms(pod, "podAntiAffinity"):
    if any(_together(term, pod, each, node) for each in placed):
      return Misfit((_ANTI_AFFINITY,), hopeless=False)
  if any(_keeps_away(each, pod, node) for each in placed):
    return Misfit((_EXISTING,), hopeless=False)
  return None


def _terms(pod: Object, kind: str) -> Iterator[Object]:
  affinity = (pod["spec"].get("affinity") or {}).get(kind) or {}
  yield from affinity.get(_REQUIRED) or []


def _near(
  term: Object, pod: Object, node: Object, placed: Iterable[Placed]
) -> bool:
  """Whether a node is where a term wants a pod; the first may be anywhere."""
  if _domain(term, node) is None:
    return False
  found = [each for each in placed if _selects(term, pod, each.pod)]
  if not found:
    return _selects(term, pod, pod)
  return any(_domain(term, e.node) == _domain(term, node) for e in found)


def _together(term: Object, pod: Object, other: Placed, node: Object) -> bool:
  """Whether a node would bring a pod together with one a term is about."""
  return _same(term, other.node, node) and _selects(term, pod, other.pod)


def _keeps_away(other: Placed, pod: Object, node: Object) -> bool:
  """Whether a pod that is there does not want another one at a node."""
  return any(
    _same(term, other.node, node) and _selects(term, other.pod, pod)
    for term in _terms(other.pod, "podAntiAffinity")
  )


def _same(term: Object, one: Object, other: Object) -> bool:
  here = _domain(term, one)
  return here is not None and here == _domain(term, other)


def _domain(term: Object, node: Object) -> str | None:
  return labels(node).get(term["topologyKey"])


def _selects(term: Object, owner: Object, other: Object) -> bool:
  """Whether a term of one pod is about another pod."""
  if namespace(owner) != namespace(other):
    return False
  selector, have = term.get("labelSelector") or {}, labels(other)
  wanted = selector.get("matchLabels") or {}
  return all(have.get(key) == value for key, value in wanted.items()) and all(
    expression(each, have) for each in selector.get("matchExpressions") or []
  )
