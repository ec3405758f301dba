"""Starts a job, forgets it, and finds it again by its id."""

from __future__ import annotations

import time

import keras_remote


@keras_remote.run(timeout=60)
def count(to: int) -> int:
  for number in range(to):
    print("counted", number)
    time.sleep(0.1)
  return to


if __name__ == "__main__":
  job_id = count.submit(5).id

  # Another process, on another day, needs nothing but the id.
  job = keras_remote.attach(job_id)
  print(job_id, "is", job.status().phase)
  for line in job.logs(follow=True):
    print(line.time.strftime("%H:%M:%S"), line.text)
  print("value", job.result(timeout=60))
  job.delete()
