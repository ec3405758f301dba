"""A page for each role: what it has to do, who fills it, what tests it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from generating import markdown
from keras_remote_core.hookspecs import MERGED_HOOKS, STEP_HOOKS
from keras_remote_core.registry import Registry


@frozen(kw_only=True)
class _Role:
  """A page: its classes in ``roles``, and the step that they serve."""

  classes: tuple[str, ...]
  step: str = ""
  suite: str = ""


_ROLES = {
  "authenticator": _Role(
    classes=("Authenticator",),
    step="authenticator",
    suite="AuthenticatorConformance",
  ),
  "packager": _Role(
    classes=("Packager",), step="packager", suite="PackagerConformance"
  ),
  "image-builder": _Role(
    classes=("ImageBuilder",),
    step="image_builder",
    suite="ImageBuilderConformance",
  ),
  "artifact-store": _Role(
    classes=("ArtifactStore", "Entry"),
    step="store",
    suite="ArtifactStoreConformance",
  ),
  "backend": _Role(
    classes=("Backend", "Preparing", "Releasing"),
    step="backend",
    suite="BackendConformance",
  ),
  "result-reader": _Role(
    classes=("ResultReader",),
    step="result_reader",
    suite="ResultReaderConformance",
  ),
  "check": _Role(classes=("Check",), step="check"),
  "context": _Role(classes=("Context", "Reporter")),
}


def pages(known: Registry) -> Mapping[str, str]:
  """The page of every role."""
  return {f"roles/{name}.md": _page(name, known) for name in _ROLES}


def link(step: str) -> str:
  """The sentence that leads to the role which serves a step, if there is one."""
  for name, role in _ROLES.items():
    if step and role.step == step:
      return f"What an implementation has to do: [{name}](../roles/{name}.md)."
  return ""


def _page(name: str, known: Registry) -> str:
  role = _ROLES[name]
  return markdown.page(
    name.replace("-", " ").capitalize(),
    _how(role),
    *(f"::: keras_remote_core.roles.{each}" for each in role.classes),
    _filled(role, known),
  )


def _how(role: _Role) -> str:
  """How an implementation comes to be, and what tests it."""
  if not role.step:
    return "What implementations of every role are given."
  hook = {**STEP_HOOKS, **MERGED_HOOKS}[role.step]
  made = f"Provided by the hook [`{hook}`](../hooks/{hook}.md)"
  if not role.suite:
    return f"{made} as a callable without arguments."
  return (
    f"{made} and made, once per submission, by `factory(settings, context)`:"
    " `settings` is an instance of the provider's settings class, or None, and"
    " `context` a [Context](context.md). Test it by subclassing"
    f" [`keras_remote_core.testing.{role.suite}`](../reference/testing.md)."
  )


def _filled(role: _Role, known: Registry) -> str:
  head = ("name", "plugin", "what it does")
  rows = markdown.table(head, _rows(role.step, known))
  return f"## Installed with this documentation\n\n{rows}" if rows else ""


def _rows(step: str, known: Registry) -> Iterator[tuple[str, str, str]]:
  for plugin in known.plugins:
    for each in plugin.contributions.get(step, ()):
      summary = markdown.prose(each.summary)
      yield markdown.code(each.name), plugin.name, summary
