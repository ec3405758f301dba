"""What a cluster shows of a job right now: a few requests, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from keras_remote_core import concurrency
from keras_remote_gke import names, pods
from keras_remote_gke.api import Api
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.paths import Paths
from keras_remote_gke.pods import Pod
from keras_remote_gke.seen import Seen


def look(api: Api, paths: Paths, job_id: str) -> Seen:
  """The Job, its pods, and events where something waits."""
  with concurrency.pool(2) as pool:
    found = pool.submit(_job, api, paths, job_id)
    made = pool.submit(pods_of, api, paths, job_id)
    seen = Seen(job=found.result(), pods=made.result())
  if seen.condition("Failed") and not seen.pods:
    return evolve(seen, events=events_of_pods(api, paths, job_id))
  if not seen.waits():
    return seen
  return evolve(seen, events=events_of(api, paths, seen.waiting()))


def pods_of(api: Api, paths: Paths, job_id: str) -> tuple[Pod, ...]:
  """The job's pods, oldest first."""
  listed = api.get(paths.pods, labelSelector=selector(job_id))
  return tuple(pods.by_age(listed["items"]))


def events_of(
  api: Api, paths: Paths, name: str
) -> tuple[Mapping[str, Any], ...]:
  """What was reported of an object; nothing where that may not be read."""
  try:
    listed = api.get(paths.events, fieldSelector=about(name))
  except ClusterError as error:
    if error.status != 403:
      raise
    return ()
  return tuple(listed["items"])


def events_of_pods(
  api: Api, paths: Paths, job_id: str
) -> tuple[Mapping[str, Any], ...]:
  """What was reported of the job's pods, though they are gone."""
  try:
    listed = api.get(paths.events, fieldSelector="involvedObject.kind=Pod")
  except ClusterError as error:
    if error.status != 403:
      raise
    return ()
  return tuple(
    each
    for each in listed["items"]
    if each["involvedObject"].get("name", "").startswith(f"{job_id}-")
  )


def selector(job_id: str) -> str:
  return f"{names.JOB}={job_id}"


def about(name: str) -> str:
  return f"involvedObject.name={name}"


def _job(api: Api, paths: Paths, job_id: str) -> Mapping[str, Any] | None:
  try:
    found: Mapping[str, Any] = api.get(f"{paths.jobs}/{job_id}")
  except ClusterError as error:
    if error.status != 404:
      raise
    return None
  return found
