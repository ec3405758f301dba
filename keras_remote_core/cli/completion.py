"""``keras-remote completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
  """Print a script that completes commands and options in a shell.

  bash and zsh: eval "$(keras-remote completion bash)" in the shell's start-up
  file; fish: keras-remote completion fish | source.
  """
  found = get_completion_class(shell)
  assert found is not None
  root = ctx.find_root()
  # The variable by which click notices that a shell asks for completions.
  name = root.info_name or "keras-remote"
  variable = f"_{name}_COMPLETE".replace("-", "_").upper()
  click.echo(found(root.command, {}, name, variable).source())
