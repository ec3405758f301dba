"""The objects that a submission becomes on a cluster; pure."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from keras_remote_core import wire
from keras_remote_core.errors import UsageError
from keras_remote_core.model import JobHandle, Plan, Submission
from keras_remote_gke import container, hosts, names, pod, retrying
from keras_remote_gke.settings import GkeSettings

_WEEK = 7 * 86400
_REDACTED = "REDACTED"


def job(
  submission: Submission, settings: GkeSettings, handle: JobHandle
) -> dict[str, Any]:
  """The Job, which carries its own handle."""
  return {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": described(submission, settings, handle),
    "spec": {
      **hosts.indexed(submission.plan),
      **retrying.policy(settings.retries),
      **deadline(submission.plan),
      "ttlSecondsAfterFinished": math.ceil(settings.ttl),
      "template": pod.template(submission, settings),
    },
  }


def described(
  submission: Submission, settings: GkeSettings, handle: JobHandle
) -> dict[str, Any]:
  """The metadata of the object that a job becomes, with the job's handle."""
  plan = submission.plan
  queue = {names.QUEUE: settings.queue} if settings.queue else {}
  return {
    **metadata(plan, names.object_name(plan.job_id)),
    "labels": {**settings.labels, **names.labels(plan), **queue},
    "annotations": {
      **settings.annotations,
      names.HANDLE: wire.encode(handle).decode(),
    },
  }


def config_map(
  submission: Submission, *, abridged: bool = False
) -> dict[str, Any]:
  """The ConfigMap of the runner, shared by every job of its digest.

  Args:
    abridged: puts the digest in place of the program, for people.
  """
  digest = submission.runner_sha256
  data = f"sha256:{digest}".encode() if abridged else submission.runner
  return {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {
      **metadata(submission.plan, names.runner_name(digest)),
      "labels": dict([names.MANAGED]),
    },
    "immutable": True,
    "binaryData": {container.RUNNER_FILE: base64.b64encode(data).decode()},
  }


def secret(submission: Submission, *, redacted: bool = False) -> dict[str, Any]:
  """The Secret of a job's key and secret values.

  Args:
    redacted: leaves every value out, for people.
  """
  _check_text(submission.secrets)
  plan = submission.plan
  values = {**submission.secrets, container.KEY: submission.key.hex()}
  return {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {
      **metadata(plan, names.object_name(plan.job_id)),
      "labels": names.labels(plan),
    },
    "type": "Opaque",
    "immutable": True,
    "stringData": dict.fromkeys(values, _REDACTED) if redacted else values,
  }


def services(submission: Submission) -> list[dict[str, Any]]:
  """The Service of a job with several hosts."""
  plan = submission.plan
  if plan.processes == 1:
    return []
  about = metadata(plan, names.object_name(plan.job_id))
  return [
    {
      "apiVersion": "v1",
      "kind": "Service",
      "metadata": {**about, "labels": names.labels(plan)},
      "spec": hosts.service(plan),
    }
  ]


def owner(made: Mapping[str, Any]) -> dict[str, Any]:
  """The reference by which a job's object owns others, once it was made."""
  return {
    "apiVersion": made["apiVersion"],
    "kind": made["kind"],
    "name": made["metadata"]["name"],
    "uid": made["metadata"]["uid"],
  }


@frozen(kw_only=True)
class Objects:
  """What a cluster gets of a job.

  Args:
    programs: shared among jobs; they stay.
    owned: what goes when ``main`` goes.
    main: what the cluster runs.
  """

  programs: Sequence[Mapping[str, Any]]
  owned: Sequence[Mapping[str, Any]]
  main: Mapping[str, Any]


def created(
  submission: Submission, settings: GkeSettings, handle: JobHandle
) -> Objects:
  """What is created of a submission."""
  return Objects(
    programs=[config_map(submission)],
    owned=[secret(submission), *services(submission)],
    main=job(submission, settings, handle),
  )


def objects(
  submission: Submission, settings: GkeSettings, handle: JobHandle
) -> list[dict[str, Any]]:
  """What would be created, in this order, fit to be shown."""
  return [
    config_map(submission, abridged=True),
    secret(submission, redacted=True),
    *services(submission),
    job(submission, settings, handle),
  ]


def _check_text(secrets: Mapping[str, str]) -> None:
  for name, value in secrets.items():
    try:
      value.encode()
    except UnicodeEncodeError:
      raise UsageError(
        f"the value of {name} is no UTF-8 text, which is all that a cluster"
        " gives to a job",
        remedy="encode it, such as by base64, and decode it in the function",
      ) from None


def metadata(plan: Plan, name: str) -> dict[str, Any]:
  """Where an object of a job is."""
  return {"name": name, "namespace": plan.place.namespace or "default"}


def deadline(plan: Plan) -> dict[str, int]:
  """When the cluster itself ends a job, far behind the runner's own limit.

  It counts the time that a job waits for machines, each attempt anew, and
  what it ends it removes with all evidence.
  """
  if plan.timeout is None:
    return {}
  waiting = max(_WEEK, plan.pending_timeout or 0)
  return {
    "activeDeadlineSeconds": math.ceil(plan.attempts * (plan.timeout + waiting))
  }
