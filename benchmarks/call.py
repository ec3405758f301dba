"""Seconds of a call that does nothing, on the embedded backend, in steps.

Run it with ``python benchmarks/call.py [CALLS]``.
"""

from __future__ import annotations

import statistics
import sys
import time

import keras_remote


@keras_remote.run
def nothing() -> None:
  return None


def once() -> tuple[float, float]:
  """Seconds until the job is submitted, and until its value is here."""
  began = time.perf_counter()
  job = nothing.submit()
  submitted = time.perf_counter()
  job.result()
  ended = time.perf_counter()
  job.delete()
  return submitted - began, ended - began


def main(calls: int) -> None:
  once()
  submits, totals = zip(*(once() for _ in range(calls)), strict=True)
  sys.stdout.write(f"submit {statistics.median(submits):.3f} s\n")
  sys.stdout.write(f"value  {statistics.median(totals):.3f} s\n")


if __name__ == "__main__":
  main(int(sys.argv[1]) if sys.argv[1:] else 10)
