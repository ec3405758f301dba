"""A page for each role: what it has to do, who fills it, what tests it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generating import markdown
from keras_remote_core import testing
from keras_remote_core.hookspecs import MERGED_HOOKS, STEP_HOOKS
from keras_remote_core.registry import Registry

_ROLES = {
  "authenticator": ("Authenticator",),
  "packager": ("Packager",),
  "image_builder": ("ImageBuilder",),
  "store": ("ArtifactStore", "Entry"),
  "backend": ("Backend", "Preparing", "Releasing"),
  "result_reader": ("ResultReader",),
  "check": ("Check",),
  "context": ("Context", "Reporter"),
}
"""The classes on each page, by the step that they serve."""
_HOOKS = {**STEP_HOOKS, **MERGED_HOOKS}


def pages(known: Registry) -> Mapping[str, str]:
  """The page of every role."""
  return {f"roles/{_name(step)}.md": _page(step, known) for step in _ROLES}


def link(step: str) -> str:
  """The sentence that leads to the role which serves a step, if there is one."""
  if step not in _ROLES:
    return ""
  name = _name(step)
  return f"What an implementation has to do: [{name}](../roles/{name}.md)."


def _name(step: str) -> str:
  return re.sub(r"(?<=[a-z])([A-Z])", r"-\1", _ROLES[step][0]).lower()


def _page(step: str, known: Registry) -> str:
  return markdown.page(
    _name(step).replace("-", " ").capitalize(),
    _how(step),
    *(f"::: keras_remote_core.roles.{each}" for each in _ROLES[step]),
    _filled(step, known),
  )


def _how(step: str) -> str:
  """How an implementation comes to be, and what tests it."""
  if step not in _HOOKS:
    return "What implementations of every role are given."
  hook, suite = _HOOKS[step], f"{_ROLES[step][0]}Conformance"
  made = f"Provided by the hook [`{hook}`](../hooks/{hook}.md)"
  if suite not in testing.__all__:
    return f"{made} as a callable without arguments."
  return (
    f"{made} and made, once per submission, by `factory(settings, context)`:"
    " `settings` is an instance of the provider's settings class, or None, and"
    " `context` a [Context](context.md). Test it by subclassing"
    f" [`keras_remote_core.testing.{suite}`](../reference/testing.md)."
  )


def _filled(step: str, known: Registry) -> str:
  head = ("name", "plugin", "what it does")
  rows = markdown.table(head, _rows(step, known))
  return f"## Installed with this documentation\n\n{rows}" if rows else ""


def _rows(step: str, known: Registry) -> Iterator[tuple[str, str, str]]:
  for plugin in known.plugins:
    for each in plugin.contributions.get(step, ()):
      summary = markdown.prose(each.summary)
      yield markdown.code(each.name), plugin.name, summary
