"""``keras-remote run``."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import click

from keras_remote_core.cli import arguments, overrides, printing, targets


@click.command()
@click.argument("target", metavar="SCRIPT.PY:FUNCTION")
@click.argument("pairs", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--args", metavar="JSON", help="Positional arguments: '[1e-3]'.")
@click.option("--kwargs", metavar="JSON", help="Named ones: '{\"epochs\": 2}'.")
@overrides.options
@click.option("--detach", is_flag=True, help="Print the job's id, don't wait.")
@printing.json_option
def run(
  target: str,
  pairs: tuple[str, ...],
  args: str | None,
  kwargs: str | None,
  detach: bool,
  as_json: bool,
  **parameters: Any,
) -> None:
  """Run a function as a job and print the value it returns.

  The function is found in a file or in a module (package.module:function). It
  need not be decorated; if it is, the options here override the decorator's.
  Its arguments follow as NAME=VALUE, each value being JSON or else text:

    keras-remote run train.py:train epochs=2 optimizer=adam
  """
  call = arguments.parse(pairs, args, kwargs)
  given = overrides.gathered(**parameters)
  function = targets.remote_function(target, given)
  arguments.check(function, call)
  if detach:
    job = function.submit(*call.args, **call.kwargs)
    if as_json:
      printing.document({"id": job.id})
    else:
      click.echo(job.id)
    return
  # What the job prints must not mix with the JSON.
  output = sys.stderr if as_json else sys.stdout
  with contextlib.redirect_stdout(output):
    value = function(*call.args, **call.kwargs)
  printing.value(value, as_json)
