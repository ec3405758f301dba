"""Asks before anything is made or removed, where somebody can answer."""

from __future__ import annotations

import sys

import click

from keras_remote_core.errors import UsageError


def confirmed(question: str, yes: bool) -> None:
  """Returns where the caller agrees, and ends the command where not.

  Args:
    yes: they agreed on the command line.

  Raises:
    UsageError: nobody can be asked.
  """
  if not yes:
    _somebody()
    click.confirm(question, abort=True, err=True)


def typed(name: str, what: str) -> None:
  """Returns where the caller types a name, and ends the command where not.

  Args:
    what: the name's, for people: ``the cluster's name``.

  Raises:
    UsageError: nobody can be asked, or they typed something else.
  """
  _somebody()
  answer = click.prompt(f"type {what}, {name}, to remove it", err=True)
  if answer.strip() != name:
    raise UsageError(f"that is not {what}; nothing is removed")


def _somebody() -> None:
  if sys.stdin is None or not sys.stdin.isatty():
    raise UsageError(
      "nobody can be asked here, and nothing was done",
      remedy="run it on a terminal, or agree beforehand: --yes",
    )
