"""Scripts for a POSIX shell: this machine's, or one that ``ssh`` leads to.

For plugin authors. What a script is given comes by standard input alone: no
list of processes shows it, and nothing of it is text that a shell interprets.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping, Sequence

from keras_remote_core.errors import MachineError

# What comes before is by a shell's own start-up files, which may be talkative.
_BEGIN = "keras-remote-begins"


def run(command: Sequence[str], script: str, /, **variables: str) -> str:
  """Returns what a script prints.

  Args:
    command: starts a shell that reads its standard input, such as ``["sh"]``
      or ``["ssh", "HOST", "exec sh"]``.
    variables: the script's variables, not exported.

  Raises:
    MachineError: the script failed, or could not be started.
  """
  # Unset first: a variable that was exported to the shell would stay so.
  assigned = (
    f"unset {name}; {name}={shlex.quote(value)}"
    for name, value in variables.items()
  )
  # In braces, so that a shell that got only the beginning does nothing.
  program = "\n".join(["{", f"echo {_BEGIN}", *assigned, script, "}", ""])
  try:
    done = subprocess.run(
      command,
      input=program.encode(),
      capture_output=True,
      check=False,
      # What the script leaves running outlives this terminal.
      start_new_session=True,
    )
  except OSError as error:
    raise _failed(command, str(error)) from error
  if done.returncode:
    raise _failed(command, done.stderr.decode(errors="replace"))
  greeting, began, printed = done.stdout.partition(f"{_BEGIN}\n".encode())
  if not began:
    raise _failed(command, greeting.decode(errors="replace"))
  return printed.decode(errors="replace")


def exporting(variables: Mapping[str, str]) -> str:
  """A script that exports variables."""
  return "\n".join(
    f"export {name}={shlex.quote(value)}" for name, value in variables.items()
  )


def _failed(command: Sequence[str], said: str) -> MachineError:
  return MachineError(
    f"{command[0]} failed: {said.strip() or 'it said nothing'}",
    remedy=f"see to it that this works: echo true | {shlex.join(command)}",
  )
