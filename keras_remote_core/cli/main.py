"""``keras-remote``: the root of the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from keras_remote_core import __version__, suggestions
from keras_remote_core.cli import failures
from keras_remote_core.cli.lazy import Command, LazyGroup, offers
from keras_remote_core.errors import KerasRemoteError, PluginError, UsageError

NAME = "keras-remote"
_INTERRUPTED = 130
_COMMANDS = offers(
  "keras_remote_core.cli",
  ("run", "run:run", "Run a function of a script as a job."),
  ("plan", "plan:plan", "Show what a run would do; do nothing."),
  ("jobs", "jobs:jobs", "Follow, collect and remove jobs."),
  ("plugins", "plugins:plugins", "Show what is installed; write a new plugin."),
  ("accelerators", "accelerators:accelerators", "Show what can be asked for."),
  ("config", "config:config", "Show and change settings."),
  ("doctor", "doctor:doctor", "Find out what does not work here."),
  ("completion", "completion:completion", "Print a shell's completion."),
)


class Root(LazyGroup):
  """The core's commands and those of plugins; errors become exit codes."""

  def offered(self) -> Mapping[str, Command]:
    from keras_remote_core import registry

    found = registry.installed().contributions("command")
    # Nobody takes over a name of the core's.
    return {**self._offers, **_new(found, self._offers)}

  def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
    try:
      return super().get_command(ctx, name)
    except ImportError as error:
      if name in self._offers:
        raise
      raise PluginError(
        f"the command {name!r} comes from a plugin and does not import: {error}",
        remedy="complete the plugin's installation, or uninstall it",
      ) from error

  def resolve_command(
    self, ctx: click.Context, args: list[str]
  ) -> tuple[str | None, click.Command | None, list[str]]:
    extra = suggestions.COMMANDS.get(args[0])
    if extra and args[0] not in self.offered() and not ctx.resilient_parsing:
      raise UsageError(
        f"the command {args[0]!r} comes with a plugin that is not installed",
        remedy=f'pip install "keras-remote[{extra}]"',
      )
    return super().resolve_command(ctx, args)

  def invoke(self, ctx: click.Context) -> Any:
    try:
      return super().invoke(ctx)
    except KerasRemoteError as error:
      failures.tell(error)
      ctx.exit(error.exit_code)
    except KeyboardInterrupt:
      ctx.exit(_INTERRUPTED)
    except Exception as error:
      if not failures.told(error):
        raise
      ctx.exit(1)


def _new(
  found: Iterable[Command], known: Mapping[str, Command]
) -> dict[str, Command]:
  return {each.name: each for each in found if each.name not in known}


@click.group(NAME, cls=Root, offers=_COMMANDS)
@click.version_option(__version__, message=f"{NAME} %(version)s")
def root() -> None:
  """Run Python functions on cloud TPUs and GPUs, and look after their jobs."""


def main() -> None:
  root(prog_name=NAME)
