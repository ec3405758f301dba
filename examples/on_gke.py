"""Runs a function on a GPU or TPU node of a GKE cluster.

Set KERAS_REMOTE_PROJECT to your project, and run it as any script; or try it
with no cloud: ``keras-remote dev cluster -- python3 examples/on_gke.py``.
"""

from __future__ import annotations

import keras_remote


@keras_remote.run(accelerator="l4", retries=1, timeout="30m")
def estimate_pi(points: int) -> float:
  import random

  inside = 0
  for number in range(1, points + 1):
    inside += random.random() ** 2 + random.random() ** 2 < 1
    if number % (points // 4) == 0:
      print(f"{number:,} points: pi is about {4 * inside / number:.3f}")
  return 4 * inside / points


if __name__ == "__main__":
  job = estimate_pi.submit(200_000)
  for line in job.logs(follow=True):
    print(line.text)
  print(f"{job.id} on {job.handle.accelerator}: {job.result():.2f}")
  job.delete()
