"""What is going to happen, on one screen; pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from keras_remote_pulumi_infra.progress import Line

_WIDTH = 79
_ORDER = (
  "API",
  "network",
  "subnetwork",
  "router",
  "NAT",
  "cluster",
  "node pool",
)
"""The kinds that come first; Pulumi tells them as they come."""
_WORDS = (
  ("create", "to make"),
  ("update", "to change"),
  ("replace", "to replace"),
  ("delete", "to remove"),
)


def text(heading: str, lines: Sequence[Line]) -> str:
  """The heading, a paragraph per kind of thing that changes, and the sum."""
  groups = [(_head(each), _names(each)) for each in _groups(lines)]
  indent = max((len(head) for head, _ in groups), default=0) + 2
  rows = [_paragraph(head.ljust(indent), names) for head, names in groups]
  return "\n".join([heading, *rows, summary(lines)])


def summary(lines: Sequence[Line]) -> str:
  """How many things are made, changed and removed."""
  counts = [
    f"{count} {words}"
    for operation, words in _WORDS
    if (count := sum(each.operation == operation for each in lines))
  ]
  same = sum(not each.changes for each in lines)
  if not counts:
    return f"nothing to do: all {same} are as they should be"
  unchanged = f"; {same} unchanged" if same else ""
  return ", ".join(counts) + unchanged


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
  """The lines that change something, by operation and kind."""
  groups: dict[tuple[str, str], list[Line]] = {}
  for line in sorted(filter(_changes, lines), key=_rank):
    groups.setdefault((line.operation, line.kind), []).append(line)
  yield from groups.values()


def _changes(line: Line) -> bool:
  return line.changes


def _rank(line: Line) -> tuple[int, int, str, str]:
  operation = [each for each, _ in _WORDS].index(line.operation)
  known = line.kind in _ORDER
  kind = _ORDER.index(line.kind) if known else len(_ORDER)
  return operation, kind, line.kind, line.name


def _head(group: Sequence[Line]) -> str:
  first = group[0]
  return f"{first.mark} {len(group):>2} {_plural(first.kind, len(group))}"


def _names(group: Sequence[Line]) -> str:
  return ", ".join(
    f"{each.title} ({each.detail})" if each.detail else each.title
    for each in group
  )


def _paragraph(head: str, names: str) -> str:
  return textwrap.fill(
    names,
    width=_WIDTH,
    initial_indent=head,
    subsequent_indent=" " * len(head),
    break_long_words=False,
    break_on_hyphens=False,
  )


def _plural(kind: str, count: int) -> str:
  if count == 1:
    return kind
  if kind.endswith("y"):
    return f"{kind[:-1]}ies"
  return f"{kind}es" if kind.endswith("s") else f"{kind}s"
