"""All that one cluster takes, as a Pulumi program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from keras_remote_pulumi_infra import (
  adopting,
  bucket,
  cluster,
  config,
  identities,
  images,
  names,
  network,
  node_pools,
  pools,
  services,
)
from keras_remote_pulumi_infra.cluster import Cluster
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.shapes import PoolShape

if TYPE_CHECKING:
  from pulumi import Output, Resource


def program(wanted: InfraConfig) -> Callable[[], None]:
  """The program that makes what is wanted, and what it exports.

  Its exports: ``config`` (JSON), ``cluster`` and ``location``, ``bucket``,
  ``repository``, ``node_account`` and ``build_account`` (emails) and
  ``jobs_account`` (the principal that jobs are).

  Raises:
    UsageError: Google has no such node pools.
  """
  # What cannot be had is said here, and not by Pulumi.
  shapes = [pools.shape(each) for each in pools.wanted(wanted)]
  return lambda: _run(wanted, shapes)


def _run(wanted: InfraConfig, shapes: Sequence[PoolShape]) -> None:
  from pulumi import export

  enabled = services.enable(wanted)
  number = _project_number(wanted, enabled)
  there = _cluster(wanted, number, enabled)
  node_pools.made(wanted, there, shapes)
  builds = identities.builds(wanted, enabled)
  repository = images.repository(wanted, enabled)
  identities.on_repository(
    wanted, repository, nodes=there.node_account, builds=builds
  )
  jobs_bucket = bucket.bucket(wanted, enabled)
  jobs = number.apply(lambda known: names.jobs_principal(wanted, known))
  identities.on_bucket(
    jobs_bucket,
    builds=builds,
    jobs=jobs,
    # A project's identities come with its first cluster that has them.
    after=there.needed,
  )
  export("config", config.to_json(wanted))
  export("cluster", there.name)
  export("location", wanted.location)
  export("bucket", jobs_bucket)
  export("repository", repository)
  export("node_account", there.node_account)
  export("build_account", builds)
  export("jobs_account", jobs)


def _cluster(
  wanted: InfraConfig, number: Output[str], enabled: Sequence[Resource]
) -> Cluster:
  if wanted.adopt:
    return adopting.found(wanted, number, enabled)
  return cluster.made(
    wanted,
    network.joined(wanted, enabled),
    identities.nodes(wanted, enabled),
    enabled,
  )


def _project_number(
  wanted: InfraConfig, enabled: Sequence[Resource]
) -> Output[str]:
  from pulumi import InvokeOutputOptions
  from pulumi_gcp import organizations

  found = organizations.get_project_output(
    project_id=wanted.project,
    opts=InvokeOutputOptions(depends_on=enabled),
  )
  number: Output[str] = found.number
  return number
