"""Groups of commands that are imported only when they are run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from keras_remote_core.providers import Provider
from keras_remote_core.suggestions import instead

if TYPE_CHECKING:
  from click.shell_completion import CompletionItem

Command = Provider[click.Command]


def offers(package: str, *commands: tuple[str, str, str]) -> list[Command]:
  """Commands of a package: each one's name, place in it, and short help."""
  return [
    Command(name=name, implementation=f"{package}.{place}", summary=summary)
    for name, place, summary in commands
  ]


class LazyGroup(click.Group):
  """A group that lists its commands without importing any.

  Args:
    offers: each command's name, short help and dotted string.
  """

  def __init__(
    self, name: str | None = None, *, offers: Iterable[Command], **attrs: Any
  ) -> None:
    super().__init__(name, **attrs)
    self._offers = {each.name: each for each in offers}

  def offered(self) -> Mapping[str, Command]:
    """Every command by name, in the order that ``--help`` has."""
    return self._offers

  def list_commands(self, ctx: click.Context) -> list[str]:
    return list(self.offered())

  def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
    found = self._offers.get(name) or self.offered().get(name)
    return found.load() if found else None

  def resolve_command(
    self, ctx: click.Context, args: list[str]
  ) -> tuple[str | None, click.Command | None, list[str]]:
    name, command, rest = args[0], self.get_command(ctx, args[0]), args[1:]
    if command is None and not ctx.resilient_parsing:
      fix = instead(name, self.offered())
      ctx.fail(f"there is no command {name!r}" + (f"; {fix}" if fix else ""))
    return name if command else None, command, rest

  def format_commands(
    self, ctx: click.Context, formatter: click.HelpFormatter
  ) -> None:
    rows = [(each.name, each.summary) for each in self.offered().values()]
    with formatter.section("Commands"):
      formatter.write_dl(rows)

  def shell_complete(
    self, ctx: click.Context, incomplete: str
  ) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [
      *(
        CompletionItem(each.name, help=each.summary)
        for each in self.offered().values()
        if each.name.startswith(incomplete)
      ),
      *click.Command.shell_complete(self, ctx, incomplete),
    ]
