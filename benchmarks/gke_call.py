"""Seconds of a call that does nothing, on an emulated cluster, in steps.

The last one is what the caller waits for after the pod has ended. Run it with
``python benchmarks/gke_call.py [CALLS]``.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import keras_remote
from keras_remote_gke.testing import Cluster


@keras_remote.run(backend="gke", container_image="prebuilt")
def nothing() -> None:
  return None


class Ends:
  """When pods ended, as their cluster saw it."""

  def __init__(self, cluster: Cluster) -> None:
    self._cluster = cluster

  def of(self, job_id: str) -> float | None:
    for pod in self._cluster.objects("pods"):
      ours = pod["metadata"]["labels"].get("keras-remote/job-id") == job_id
      if ours and pod["status"].get("phase") == "Succeeded":
        return time.perf_counter()
    return None

  def wait(self, job_id: str) -> float:
    while (found := self.of(job_id)) is None:
      time.sleep(0.001)
    return found


def once(ends: Ends) -> tuple[float, float, float]:
  """Seconds to submit, to the value, and from the pod's end to the value."""
  import threading

  began = time.perf_counter()
  job: Any = nothing.submit()
  submitted = time.perf_counter()
  seen: list[float] = []
  watching = threading.Thread(target=lambda: seen.append(ends.wait(job.id)))
  watching.start()
  job.result()
  ended = time.perf_counter()
  watching.join()
  return submitted - began, ended - began, ended - seen[0]


def main(calls: int) -> None:
  with (
    tempfile.TemporaryDirectory() as folder,
    Cluster(Path(folder)) as cluster,
  ):
    os.environ |= {**cluster.environ, "KERAS_REMOTE_HOME": f"{folder}/home"}
    once(Ends(cluster))
    before = len(cluster.api.requests)
    steps = [once(Ends(cluster)) for _ in range(calls)]
    requests = (len(cluster.api.requests) - before) / calls
  names = ("submit", "value", "from the pod's end to the value")
  for name, values in zip(names, zip(*steps, strict=True), strict=True):
    sys.stdout.write(f"{name} {statistics.median(values):.3f} s\n")
  sys.stdout.write(f"{requests:.1f} requests to the API server per call\n")


if __name__ == "__main__":
  main(int(sys.argv[1]) if sys.argv[1:] else 10)
