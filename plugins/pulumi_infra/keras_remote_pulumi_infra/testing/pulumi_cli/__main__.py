"""``pulumi``, as far as the Automation API and this project ask for it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from keras_remote_pulumi_infra.testing.pulumi_cli import arguments, operations
from keras_remote_pulumi_infra.testing.pulumi_cli.arguments import Arguments
from keras_remote_pulumi_infra.testing.pulumi_cli.backend import (
  Backend,
  fail,
  place,
  resources,
)
from keras_remote_pulumi_infra.testing.pulumi_cli.faults import Faults
from keras_remote_pulumi_infra.testing.pulumi_cli.steps import STACK

VERSION = "3.272.0"
_Do = Callable[[Backend, Arguments], Any]


def main(given: Sequence[str], folder: Path) -> None:
  """Runs one command line.

  Args:
    folder: has the rules, and the buckets.
  """
  with (folder / "calls").open("a") as calls:
    calls.write(json.dumps(list(given)) + "\n")
  asked = arguments.parse(given)
  faults = Faults(folder / "rules.json")
  if asked.words[:1] == ("version",):
    print(f"v{faults.rules().get('version', {}).get('is', VERSION)}")  # noqa: T201
  elif asked.has("--help"):
    print("--client --run-program")  # noqa: T201
  else:
    _run(_backend(folder), faults, asked)


def _run(backend: Backend, faults: Faults, asked: Arguments) -> None:
  first = asked.words[0]
  if first in ("up", "preview"):
    operations.change(backend, faults, asked)
  elif first == "destroy":
    operations.destroy(backend, faults, asked)
  elif first == "refresh":
    operations.refresh(backend, faults, asked)
  else:
    known = _COMMANDS.get(asked.words[:2]) or _COMMANDS.get(asked.words[:1])
    if known is None:
      fail(f"unknown command {' '.join(asked.words)!r}")
    answer = known(backend, asked)
    if answer is not None:
      print(json.dumps(answer))  # noqa: T201


def _backend(folder: Path) -> Backend:
  url = os.environ["PULUMI_BACKEND_URL"]
  # Without a parser, whose import would take as long as the rest of a call.
  lines = Path("Pulumi.yaml").read_text().splitlines()
  named = dict(each.partition(": ")[::2] for each in lines)
  return Backend(place(url, folder), url, named["name"])


def _outputs(backend: Backend, asked: Arguments) -> Any:
  held = resources(backend.load(asked.stack))
  return next((each["outputs"] for each in held if each["type"] == STACK), {})


def _history(backend: Backend, asked: Arguments) -> Any:
  return backend.load(asked.stack)["history"][::-1]


def _export(backend: Backend, asked: Arguments) -> Any:
  latest = backend.load(asked.stack)["checkpoint"]["latest"]
  return {"version": 3, "deployment": latest}


def _unprotect(backend: Backend, asked: Arguments) -> None:
  state = backend.load(asked.stack)
  for each in resources(state):
    each["protect"] = False
  backend.save(asked.stack, state)


def _listing(backend: Backend, asked: Arguments) -> Any:
  return [{"name": each, "current": False} for each in backend.names()]


_COMMANDS: dict[tuple[str, ...], _Do] = {
  ("stack", "init"): lambda backend, asked: backend.create(asked.stack),
  ("stack", "select"): lambda backend, asked: (
    backend.load(asked.stack) and None
  ),
  ("stack", "rm"): lambda backend, asked: backend.remove(asked.stack),
  ("stack", "ls"): _listing,
  ("stack", "output"): _outputs,
  ("stack", "history"): _history,
  ("stack", "export"): _export,
  ("state", "unprotect"): _unprotect,
  ("cancel",): lambda backend, asked: backend.cancel(asked.stack),
}


if __name__ == "__main__":
  main(sys.argv[2:], Path(sys.argv[1]))
