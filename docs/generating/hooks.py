"""A page for each hook: its docstring with its example, and who answers it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping

from generating import markdown, roles
from keras_remote_core import hookspecs
from keras_remote_core.registry import Registry

_STEPS = {
  hook: step
  for step, hook in {**hookspecs.STEP_HOOKS, **hookspecs.MERGED_HOOKS}.items()
}

_EXAMPLE = """\
The example is a module `my_plugin` that has `Provider` and `hookimpl` from
[`keras_remote_core`](../reference/providers.md)."""


def pages(known: Registry) -> Mapping[str, str]:
  """The page of every hook, in the order in which they are specified."""
  names = [each for each in vars(hookspecs) if each.startswith("keras_remote_")]
  return {f"hooks/{name}.md": _page(name, known) for name in names}


def _page(hook: str, known: Registry) -> str:
  return markdown.page(
    hook,
    f"```python\ndef {hook}{_signature(hook)}: ...\n```",
    f"::: keras_remote_core.hookspecs.{hook}\n"
    "    options:\n      show_root_heading: false",
    _EXAMPLE,
    roles.link(_STEPS.get(hook, "")),
    _installed(hook, known),
  )


def _signature(hook: str) -> str:
  found = inspect.signature(getattr(hookspecs, hook))
  taken = "".join(f"\n  {each}," for each in found.parameters.values())
  end = "\n" if taken else ""
  # Annotations are text, which inspect shows between quotes.
  return f"({taken}{end}) -> {found.return_annotation}".replace("'", "")


def _installed(hook: str, known: Registry) -> str:
  rows = markdown.table(("plugin", "provides"), _rows(hook, known))
  return f"## Installed with this documentation\n\n{rows}" if rows else ""


def _rows(hook: str, known: Registry) -> Iterator[tuple[str, str]]:
  step = _STEPS.get(hook, "")
  for plugin in known.plugins:
    if names := plugin.provides.get(step):
      yield plugin.name, ", ".join(map(markdown.code, names))
