"""What happens in an interpreter that has done nothing yet."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

_PATIENCE = 60.0

LISTING = """
import contextlib, importlib.metadata, io, json, logging, os, sys, threading
from keras_remote_core import hookspecs, plugins

def state():
  return {
    "environment": dict(os.environ),
    "working directory": os.getcwd(),
    "threads": threading.active_count(),
    "logging": [str(each) for each in logging.root.handlers],
    "import path": list(sys.path),
    "output": printed.getvalue(),
  }

name, printed = sys.argv[1], io.StringIO()
entries = importlib.metadata.entry_points(group=hookspecs.GROUP)
others = {each.name for each in entries} - {plugins.BUILTIN}
plugins.discover(others)
modules, before = set(sys.modules), state()
with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
  plugins.discover(others - {name})
after = state()
print(json.dumps({
  "modules": sorted({n.partition(".")[0] for n in set(sys.modules) - modules}),
  "changed": [what for what in before if before[what] != after[what]],
}))
"""
"""Lists the plugin that is named, and says what that imported and changed."""

COMMAND_LINE = """
import sys
from keras_remote_core.cli.main import root
root(sys.argv[1:], prog_name="keras-remote")
"""

ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
import keras_remote_store
print("true" if callable(keras_remote_store.connect) else "false")
"""
"""Says whether a packed store can be connected to."""


def answer(
  code: str, *arguments: str, options: Sequence[str] = ()
) -> tuple[Any, str]:
  """The JSON that some code prints, None without any, and its errors."""
  done = subprocess.run(
    [sys.executable, *options, "-c", code, *arguments],
    capture_output=True,
    text=True,
    timeout=_PATIENCE,
    check=False,
  )
  if done.returncode:
    return None, done.stderr
  return json.loads(done.stdout), done.stderr
