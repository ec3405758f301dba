"""Settings of jobs on GKE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from attrs import frozen
from attrs.converters import optional
from attrs.validators import optional as if_given

from keras_remote_core import durations
from keras_remote_core.settings import setting
from keras_remote_gke import quantities, syntax

_WEEK = 7 * 86400.0
_MOST_RETRIES = 100
_MOST_HOSTS = 1000
# Kubernetes keeps it in 32 bits.
_LONGEST_TTL = 2**31 - 1


def _retries(instance: Any, attribute: Any, value: int) -> None:
  del instance, attribute
  if not 0 <= value <= _MOST_RETRIES:
    raise ValueError(f"must be a whole number from 0 to {_MOST_RETRIES}")


def _hosts(instance: Any, attribute: Any, value: int) -> None:
  del instance, attribute
  if not 1 <= value <= _MOST_HOSTS:
    raise ValueError(f"must be a whole number from 1 to {_MOST_HOSTS}")


def _ttl(instance: Any, attribute: Any, value: float) -> None:
  del instance, attribute
  if not _WEEK <= value <= _LONGEST_TTL:
    raise ValueError("must be between 7d and 68 years, such as 30d")


@frozen(kw_only=True)
class GkeSettings:
  """How a job runs on a cluster, and how the cluster is reached.

  Args:
    ttl: seconds.
  """

  retries: int = setting(
    0,
    "how often a job that fails or loses its machine is started again",
    run=True,
    validator=_retries,
  )
  hosts: int = setting(
    1,
    "machines with GPUs that run the function together",
    run=True,
    validator=_hosts,
  )
  cpu: str | None = setting(
    None,
    "CPUs the job asks for, such as 8 or 500m",
    run=True,
    converter=optional(quantities.cpus),
  )
  memory: str | None = setting(
    None,
    "memory the job gets and may not exceed, such as 16Gi",
    run=True,
    converter=optional(quantities.size),
  )
  disk: str | None = setting(
    None,
    "local disk the job gets and may not exceed, such as 100Gi",
    run=True,
    converter=optional(quantities.size),
  )
  reservation: str | None = setting(
    None,
    "a reservation: NAME, or projects/PROJECT/reservations/NAME",
    run=True,
    validator=if_given(syntax.reservation),
  )
  compute_class: str | None = setting(
    None,
    "the compute class that chooses among machines and ways to get them",
    run=True,
    validator=if_given(syntax.label_value),
  )
  flex_start: bool = setting(
    False,
    "wait for capacity that is given for up to seven days",
    run=True,
  )
  queue: str | None = setting(
    None,
    "the Kueue queue that admits the job",
    run=True,
    validator=if_given(syntax.label_value),
  )
  service_account: str | None = setting(
    None,
    "the Kubernetes service account the job acts as",
    run=True,
    validator=if_given(syntax.object_name),
  )
  labels: Mapping[str, str] = setting(
    attrs.Factory(dict),
    "labels for the job and its pods",
    run=True,
    validator=syntax.label_pairs,
  )
  annotations: Mapping[str, str] = setting(
    attrs.Factory(dict),
    "annotations for the job and its pods",
    run=True,
    validator=syntax.annotation_pairs,
  )
  node_pool: str | None = setting(
    None,
    "the one node pool the job may run on",
    run=True,
    validator=if_given(syntax.label_value),
  )
  kubeconfig: str | None = setting(
    None, "a kubeconfig file that reaches the cluster, in place of a project"
  )
  context: str | None = setting(None, "the context in that kubeconfig file")
  ttl: float = setting(
    _WEEK,
    "how long a job that has ended stays in the cluster; at least 7d",
    converter=durations.seconds,
    validator=_ttl,
  )
