"""What runs in place of Google's own images: nothing, until it is stopped.

Runs by itself, on the standard library alone.
"""

from __future__ import annotations

import signal
import sys


def main(arguments: list[str]) -> int:
  """Waits for SIGTERM."""
  print("stands in for a server with", *arguments, flush=True)  # noqa: T201
  signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
  while True:
    signal.pause()


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
