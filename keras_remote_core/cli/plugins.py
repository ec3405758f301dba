"""``keras-remote plugins``."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from attrs import frozen

from keras_remote_core import registry
from keras_remote_core.cli import printing, settings
from keras_remote_core.errors import UnknownProvider
from keras_remote_core.plugins import Plugin
from keras_remote_core.providers import Provider
from keras_remote_core.suggestions import instead

_COLUMNS = ("name", "distribution", "version", "provides", "error")
_SHOWN = 4
_PLUGIN = ("name", "distribution", "version", "error")
_PROVIDER = ("step", "name", "summary")


@frozen
class _Match:
  """A plugin, and those of its providers that were asked for."""

  plugin: Plugin
  providers: Sequence[tuple[str, Provider[Any]]]


@click.group()
def plugins() -> None:
  """Show what is installed and how it can be set; write a new one."""


@plugins.command("list")
@printing.json_option
def list_(as_json: bool) -> None:
  """List the plugins, what they provide, and why one cannot be used."""
  found = registry.installed().plugins
  records = [_record(each, _COLUMNS) for each in found]
  if not as_json:
    records = [
      {**each, "provides": _brief(each["provides"])} for each in records
    ]
  printing.listing(_COLUMNS, records, as_json)


@plugins.command()
@click.argument("name")
@printing.json_option
def show(name: str, as_json: bool) -> None:
  """Show a plugin or a provider, its settings and where they come from."""
  found = registry.installed().plugins
  matches = list(_matches(name, found))
  if not matches:
    raise UnknownProvider(
      f"no installed plugin or provider is called {name!r}",
      remedy=instead(name, _names(found)),
    )
  _print(matches, as_json)


@plugins.command()
@click.argument("name")
@click.option(
  "--folder",
  type=click.Path(path_type=Path),
  help="Where to, instead of ./keras-remote-NAME; nothing may be there yet.",
)
def new(name: str, folder: Path | None) -> None:
  """Write a new plugin: a backend that works, with its tests."""
  from keras_remote_core.cli import skeleton

  skeleton.check_name(name, _taken(registry.installed().plugins))
  folder = folder or Path(f"keras-remote-{name}")
  made = skeleton.files(name)
  skeleton.write(made, folder)
  for path in made:
    click.echo(folder / path)
  click.echo(
    f"\nnext: cd {shlex.quote(str(folder))}"
    ' && pip install -e ".[testing]" && pytest'
  )


def _taken(found: Iterable[Plugin]) -> dict[str, str]:
  """Names that a new plugin's entry point or backend could not have."""
  taken = {}
  for plugin in found:
    backends = plugin.provides.get("backend", ())
    taken.update(dict.fromkeys((plugin.name, *backends), plugin.name))
  return taken


def _brief(provides: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
  """Without the tail of long lists, such as the accelerators'."""
  return {
    step: names if len(names) <= _SHOWN else [*names[:_SHOWN], "…"]
    for step, names in provides.items()
  }


def _matches(name: str, found: Iterable[Plugin]) -> Iterator[_Match]:
  for plugin in found:
    providers = [
      (step, each)
      for step, each in _providers(plugin)
      if name in (plugin.name, each.name)
    ]
    if providers or plugin.name == name:
      yield _Match(plugin, providers)


def _print(matches: Sequence[_Match], as_json: bool) -> None:
  providers = [each for match in matches for each in match.providers]
  tables = {
    "plugins": (_PLUGIN, [_record(each.plugin, _PLUGIN) for each in matches]),
    "providers": (_PROVIDER, [_described(*each) for each in providers]),
    "settings": (
      settings.COLUMNS,
      settings.records(settings.sections(each for _, each in providers)),
    ),
  }
  if as_json:
    printing.document({name: records for name, (_, records) in tables.items()})
    return
  for index, (columns, records) in enumerate(filter(_filled, tables.values())):
    if index:
      click.echo()
    printing.listing(columns, records, as_json=False)


def _filled(table: tuple[Any, Sequence[Any]]) -> bool:
  return bool(table[1])


def _record(plugin: Plugin, names: Iterable[str]) -> dict[str, Any]:
  return {name: getattr(plugin, name) for name in names}


def _described(step: str, provider: Provider[Any]) -> dict[str, Any]:
  return {"step": step, "name": provider.name, "summary": provider.summary}


def _providers(plugin: Plugin) -> Iterator[tuple[str, Provider[Any]]]:
  """All but accelerators, which have a command of their own."""
  for step, found in plugin.contributions.items():
    yield from ((step, each) for each in found if isinstance(each, Provider))


def _names(found: Iterable[Plugin]) -> set[str]:
  provided = {each.name for plugin in found for _, each in _providers(plugin)}
  return provided | {plugin.name for plugin in found}
