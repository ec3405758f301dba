"""The page of the command line, made of the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from generating import markdown
from keras_remote_core.cli.main import NAME, root

_INTRODUCTION = """\
Commands exit with 0 when they did what they were asked; 1 when a job failed or
a check did; 2 when what was asked is not possible; 3 when something installed,
configured or reachable here does not suffice; 130 after Ctrl-C. Plugins add
commands of their own, which are listed with the others."""


def page() -> str:
  """Every command with its options, those of plugins included."""
  context = click.Context(root, info_name=NAME)
  return markdown.page("Command line", _INTRODUCTION, *_parts(context))


def _parts(context: click.Context) -> Iterator[str]:
  """A part for a command, and one for each command below it."""
  yield _part(context)
  command = context.command
  if not isinstance(command, click.Group):
    return
  for name in command.list_commands(context):
    inner = command.get_command(context, name)
    if inner is not None and not inner.hidden:
      yield from _parts(click.Context(inner, info_name=name, parent=context))


def _part(context: click.Context) -> str:
  command = context.command
  level = "#" * min(2 + context.command_path.count(" "), 4)
  usage = " ".join(
    (context.command_path, *command.collect_usage_pieces(context))
  )
  options = markdown.table(("option", "meaning"), _options(context))
  parts = (
    f"{level} {context.command_path}",
    f"```text\n{usage}\n```",
    _told(command),
    options,
  )
  return "\n\n".join(filter(None, parts))


def _told(command: click.Command) -> str:
  """A command's help; what is indented there is shown as it is."""
  paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
  return "\n\n".join(map(_paragraph, paragraphs))


def _paragraph(text: str) -> str:
  lines = text.replace("\b\n", "")
  if lines.startswith(" "):
    return f"```text\n{inspect.cleandoc(lines)}\n```"
  return markdown.prose(lines)


def _options(context: click.Context) -> Iterator[tuple[str, str]]:
  """All but ``--help``, which every command has."""
  for parameter in context.command.params:
    record = parameter.get_help_record(context)
    if record and isinstance(parameter, click.Option):
      yield markdown.code(record[0]), markdown.prose(record[1])
