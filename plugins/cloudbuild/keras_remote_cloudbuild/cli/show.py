"""``keras-remote image show``."""

from __future__ import annotations

from typing import Any

import click

from keras_remote_cloudbuild.cli import asking
from keras_remote_core.cli import overrides, printing

_INDENT = "\n" + " " * 15


@click.command()
@click.argument("target", metavar="SCRIPT.PY:FUNCTION")
@overrides.options
@click.option("--remote", is_flag=True, help="Look whether it exists, too.")
@printing.json_option
def show(target: str, remote: bool, as_json: bool, **parameters: Any) -> None:
  """Show the image of a function and each of its inputs.

  Nothing is asked of the network without --remote. Where this machine does not
  know yet which versions the requirements come to, the tag says UNRESOLVED.
  """
  asked = asking.asked(target, overrides.gathered(**parameters))
  found = asked.online().find(asked.request) if remote else None
  key = asked.offline().key(asked.request)
  shown: dict[str, Any] = {"image": key.reference, "inputs": dict(key.inputs)}
  shown["changes"] = list(key.notes)
  if remote:
    shown["digest"] = found
  if as_json:
    printing.document(shown)
  else:
    click.echo(_text(shown))


def _text(shown: dict[str, Any]) -> str:
  rows = [("image", shown["image"]), *shown["inputs"].items()]
  rows += [("changed", each) for each in shown["changes"]]
  if "digest" in shown:
    rows.append(("exists", shown["digest"] or "no"))
  return "\n".join(
    f"{name:<15}{(text or 'none').strip().replace(chr(10), _INDENT)}"
    for name, text in rows
  )
