"""The command line of ``runner.pyz``.

    python runner.pyz run --store URL --job ID --manifest SHA256 [--host N]

starts a host of a job; ``child`` is what it starts by itself. The signing key
comes in the environment variable ``KERAS_REMOTE_KEY``, as hex.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from keras_remote_runner import outcome

KEY = "KERAS_REMOTE_KEY"


def main(arguments: Sequence[str]) -> int:
  """Runs one of the two commands and returns its exit code."""
  if arguments[:1] == ["child"]:
    from keras_remote_runner import child

    return child.main(Path(arguments[1]), int(arguments[2]))
  try:
    return _run(_parser().parse_args(arguments))
  except Exception:
    sys.stderr.write(
      f"keras-remote: the runner failed\n{traceback.format_exc()}"
    )
    return outcome.FAILED


def _run(asked: argparse.Namespace) -> int:
  from keras_remote_runner import stores
  from keras_remote_runner.supervisor import Supervisor

  # Taken away at once: the function's process must not inherit it.
  key = bytes.fromhex(os.environ.pop(KEY))
  store = stores.connect(asked.store)
  supervisor = Supervisor(store, key, asked.job, asked.task, asked.host)
  return supervisor.run(asked.manifest)


def _parser() -> argparse.ArgumentParser:
  parser = argparse.ArgumentParser(prog="runner.pyz")
  run = parser.add_subparsers(required=True).add_parser("run")
  run.add_argument("--store", required=True)
  run.add_argument("--job", required=True)
  run.add_argument("--manifest", required=True, help="SHA-256, hex")
  run.add_argument("--task", type=int, default=0)
  run.add_argument("--host", type=int, default=0)
  return parser
