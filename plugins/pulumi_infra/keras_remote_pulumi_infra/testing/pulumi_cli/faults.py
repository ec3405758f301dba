"""What a test has go wrong, by resource; kept in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attrs import frozen

Rules = dict[str, dict[str, str]]


@frozen
class Faults:
  """Messages of failures, and resources that take for ever, by name."""

  path: Path

  def failure(self, type_: str, name: str) -> str | None:
    """What the provider says against a resource, if anything."""
    failing = self.rules().get("fail", {})
    return failing.get(name) or failing.get(type_)

  def holds(self, name: str) -> bool:
    """Whether the resource is still being made, and goes on so."""
    return name in self.rules().get("hold", {})

  def rules(self) -> Rules:
    try:
      found: Rules = json.loads(self.path.read_text())
    except FileNotFoundError:
      return {}
    return found

  def change(self, rule: str, about: str, value: Any) -> None:
    """Sets a rule about a type or a name; None: takes it away."""
    rules = self.rules()
    held = rules.setdefault(rule, {})
    held.pop(about, None)
    if value is not None:
      held[about] = value
    self.path.write_text(json.dumps(rules))
