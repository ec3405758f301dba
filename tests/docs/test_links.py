"""Links of pages that are read as files lead to files and headings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = sorted(
  path
  for pattern in (
    "*.md",
    "docs/decisions/*.md",
    "examples/*/*.md",
    "plugins/*.md",
    "plugins/*/*.md",
  )
  for path in ROOT.glob(pattern)
)


def walk(tokens: list[Token]) -> Iterator[Token]:
  for token in tokens:
    yield token
    yield from walk(token.children or [])


def links(page: Path) -> list[str]:
  """Where a page leads to in this repository."""
  tokens = walk(MarkdownIt().parse(page.read_text()))
  found = [str(each.attrs["href"]) for each in tokens if "href" in each.attrs]
  return [each for each in found if not re.match(r"[a-z]+:", each)]


def headings(page: Path) -> set[str]:
  """What can stand behind ``#`` for a page, as GitHub and MkDocs name it."""
  tokens = MarkdownIt().parse(page.read_text())
  texts = [
    following.content
    for token, following in itertools.pairwise(tokens)
    if token.type == "heading_open"
  ]
  return {
    re.sub(r"[^\w -]", "", text).strip().lower().replace(" ", "-")
    for text in texts
  }


@pytest.mark.parametrize(
  "page", PAGES, ids=lambda page: str(page.relative_to(ROOT))
)
def test_every_link_leads_somewhere(page):
  for link in links(page):
    path, _, heading = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    assert target.exists(), link
    assert not heading or heading in headings(target), link
