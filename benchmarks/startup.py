"""CPU milliseconds above a bare interpreter: best of several fresh processes.

Run it with ``python benchmarks/startup.py``; the aims stand beside the numbers.
"""

from __future__ import annotations

import resource
import subprocess
import sys

_REPEATS = 7
_HELP = (
  "from keras_remote_core.cli.main import root;"
  "root(['--help'], standalone_mode=False)"
)
_CASES = {
  "import keras_remote (aim 50)": "import keras_remote",
  "decorating": "import keras_remote; keras_remote.run(accelerator='cpu')(len)",
  "keras-remote --help (aim 150)": _HELP,
}


def cpu_ms(code: str) -> float:
  """The least CPU time of a process that runs some code, in ms."""
  return min(_once(code) for _ in range(_REPEATS))


def _once(code: str) -> float:
  before = resource.getrusage(resource.RUSAGE_CHILDREN)
  subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
  after = resource.getrusage(resource.RUSAGE_CHILDREN)
  used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
  return used * 1000


def main() -> None:
  bare = cpu_ms("pass")
  sys.stdout.write(f"{'bare interpreter':<32}{bare:6.0f} ms\n")
  for name, code in _CASES.items():
    sys.stdout.write(f"{name:<32}{cpu_ms(code) - bare:+6.0f} ms\n")


if __name__ == "__main__":
  main()
