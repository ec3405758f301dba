"""Troubleshooting speaks of the reasons and errors that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text()
PACKAGES = [
  ROOT / "keras_remote_core",
  ROOT / "runner" / "keras_remote_runner",
  *ROOT.glob("plugins/*/keras_remote_*"),
]
SOURCES = {
  path: path.read_text()
  for package in PACKAGES
  for path in package.rglob("*.py")
  if "testing" not in path.parts
}
REASON = re.compile(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)*|OOMKilled)`")
UNTOLD = frozenset({"Running", "Returned", "Cancelled", "Stopping", "Stopped"})
"""Reasons of jobs with which nothing is wrong."""


@pytest.mark.parametrize("name", sorted({*REASON.findall(PAGE)}))
def test_every_name_on_the_page_is_one_of_the_codes(name):
  quoted, declared = f'"{name}"', f"class {name}("
  assert any(quoted in text or declared in text for text in SOURCES.values())


@pytest.mark.parametrize(
  "module", ["pending.py", "failures.py", "statuses.py", "judging.py"]
)
def test_every_reason_that_gke_gives_is_on_the_page(module):
  text = SOURCES[ROOT / "plugins/gke/keras_remote_gke" / module]
  given = set(re.findall(r'(?:_status\(\s*|reason=)"([A-Z]\w+)"', text))
  assert given
  assert given - set(re.findall(r"`(\w+)`", PAGE)) <= UNTOLD
