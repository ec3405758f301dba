"""What is done to each thing, as one line; pure."""

from __future__ import annotations

from attrs import frozen

from keras_remote_core import durations

_MARKS = {
  "create": "+",
  "update": "~",
  "replace": "!",
  "delete": "-",
  "read": " ",
  "same": " ",
}
_DONE = {
  "create": "made",
  "update": "changed",
  "replace": "replaced",
  "delete": "removed",
  "read": "read",
  "same": "unchanged",
}
_DOING = {
  "create": "making",
  "update": "changing",
  "replace": "replacing",
  "delete": "removing",
  "read": "reading",
  "same": "checking",
}


@frozen(kw_only=True)
class Line:
  """One thing on Google Cloud or in the cluster, and what becomes of it.

  Args:
    operation: ``create``, ``update``, ``replace``, ``delete``, ``read`` or
      ``same``.
    kind: in words, such as ``node pool``.
    name: as the program calls it.
    detail: what changes, or where it is; for people.
  """

  operation: str
  kind: str
  name: str
  detail: str = ""

  @property
  def changes(self) -> bool:
    return self.operation not in ("same", "read")

  @property
  def mark(self) -> str:
    """One character for the operation."""
    return _MARKS.get(self.operation, "?")

  @property
  def title(self) -> str:
    """The name, without what of it the kind says already."""
    return title(self.kind, self.name)

  def doing(self) -> str:
    return self._said(_DOING)

  def done(self) -> str:
    return self._said(_DONE)

  def _said(self, words: dict[str, str]) -> str:
    verb = words.get(self.operation, self.operation)
    detail = f" ({self.detail})" if self.detail else ""
    return f"{verb} {called(self.kind, self.name)}{detail}"


def title(kind: str, name: str) -> str:
  """A name, without what of it the kind says already."""
  first, hyphen, rest = name.partition("-")
  return rest if hyphen and first in kind.lower().split() else name


def called(kind: str, name: str) -> str:
  """A thing in a sentence."""
  return kind if name == kind else f"{kind} {title(kind, name)}"


def elapsed(seconds: float) -> str:
  """How long something took, after a blank; empty where it was a moment."""
  return f" {durations.text(seconds)}" if seconds >= 1 else ""
