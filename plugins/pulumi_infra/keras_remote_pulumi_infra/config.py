"""What is wanted on Google Cloud, as one value."""

from __future__ import annotations

import json
from typing import Any

from attrs import asdict, field, frozen
from attrs.validators import deep_iterable, optional

from keras_remote_core.errors import InvalidSetting
from keras_remote_pulumi_infra import forms

CONTROLLERS = ("lws", "jobset", "kueue")
"""What can be installed inside the cluster; the first one is by default."""
RESERVED_POOLS = ("cpu", "system")
"""The node pools that every cluster of ours has."""

_SCHEMA = 1


def _capacity(pool: PoolConfig, attribute: Any, value: str | None) -> None:
  del attribute
  asked = {
    "spot": pool.spot,
    "flex-start": pool.flex_start,
    "a reservation": value,
  }
  named = [name for name, wanted in asked.items() if wanted]
  if len(named) > 1:
    raise InvalidSetting(
      f"{' and '.join(named)} exclude each other: the machines of pool"
      f" {pool.name} are had in one way",
      remedy="name one of them, and another pool for the other",
    )


def _max_nodes(pool: PoolConfig, attribute: Any, value: int | None) -> None:
  forms.nodes(pool, attribute, value)
  if value is not None and value < max(pool.min_nodes, 1):
    raise InvalidSetting(
      f"pool {pool.name} cannot have at least {pool.min_nodes} machines and at"
      f" most {value}",
      remedy="raise --max-nodes, or lower --min-nodes",
    )


def _cpu_nodes(config: InfraConfig, attribute: Any, value: int) -> None:
  forms.nodes(config, attribute, value)
  if value < max(config.cpu_min_nodes, 1):
    raise InvalidSetting(
      f"pool cpu cannot have at least {config.cpu_min_nodes} machines and at"
      f" most {value}",
      remedy="raise --cpu-max-nodes",
    )


def _pools(config: InfraConfig, attribute: Any, value: Any) -> None:
  del config, attribute
  names = [each.name for each in value]
  taken = {*RESERVED_POOLS}
  for name in names:
    if name in taken:
      raise InvalidSetting(
        f"two node pools would be called {name}",
        remedy="name one of them otherwise, by --name",
      )
    taken.add(name)


@frozen(kw_only=True)
class PoolConfig:
  """One node pool with an accelerator.

  A slice of several machines is a pool of its own, so that two slices are two
  pools.

  Args:
    accelerator: the canonical name, such as ``"v6e-4x4"`` or ``"a100x4"``.
    machine_type: one of those that have it; None for the smallest.
    min_nodes: machines that are kept, and paid for, while nothing runs.
    max_nodes: the most that there may be; None for eight, or for as many as
      belong together.
    reservation: ``NAME``, or ``projects/PROJECT/reservations/NAME``.

  Raises:
    InvalidSetting: parts of it contradict each other, or have another form.
  """

  name: str = field(validator=forms.resource_name)
  accelerator: str
  machine_type: str | None = field(
    default=None, validator=optional(forms.machine_type)
  )
  spot: bool = False
  flex_start: bool = False
  reservation: str | None = field(
    default=None, validator=[optional(forms.reservation), _capacity]
  )
  min_nodes: int = field(default=0, validator=forms.nodes)
  max_nodes: int | None = field(default=None, validator=_max_nodes)


@frozen(kw_only=True)
class InfraConfig:
  """All that one cluster's stack is made of.

  Args:
    location: the cluster's own: a zone, or a region.
    node_zone: the zone of the node pools.
    adopt: the cluster is there already, and belongs to somebody else: only
      what is missing beside and inside it is made.
    service_account: the Kubernetes service account that jobs act as.
    network: an existing one to join, which lets machines without an address
      of their own reach the internet; None for one of the cluster's own.
    subnetwork: of that network; None where it has one per region.
    cpu_machine_type: of the pool for jobs without an accelerator. The smallest
      that has room for the head of a job on TPU slices is the default.
    cpu_min_nodes: how many of them are kept while nothing runs.
    cpu_max_nodes: the most of them.
    repository: the Artifact Registry repository of the images.
    adopt_repository: it is there already, such as by another cluster.
    auto_provisioning: whether the cluster makes pools for what pods ask for.
    controllers: of ``CONTROLLERS``.

  Raises:
    InvalidSetting: something of it has another form.
  """

  project: str = field(validator=forms.project)
  location: str = field(validator=forms.location)
  node_zone: str = field(validator=forms.zone)
  cluster: str = field(validator=forms.resource_name)
  adopt: bool = False
  namespace: str = field(default="default", validator=forms.label)
  service_account: str = field(default="keras-remote", validator=forms.label)
  network: str | None = None
  subnetwork: str | None = None
  cpu_machine_type: str = field(
    default="e2-standard-8", validator=forms.machine_type
  )
  cpu_min_nodes: int = field(default=0, validator=forms.nodes)
  cpu_max_nodes: int = field(default=8, validator=_cpu_nodes)
  repository: str = field(default="keras-remote", validator=forms.repository)
  adopt_repository: bool = False
  auto_provisioning: bool = False
  controllers: tuple[str, ...] = field(
    default=CONTROLLERS[:1],
    validator=deep_iterable(forms.one_of(CONTROLLERS)),
  )
  pools: tuple[PoolConfig, ...] = field(default=(), validator=_pools)

  def __attrs_post_init__(self) -> None:
    if forms.region(self.node_zone) != self.region:
      raise InvalidSetting(
        f"machines in {self.node_zone} cannot be of a cluster in"
        f" {self.location}",
        remedy="name a zone of the cluster's own region, by --zone",
      )

  @property
  def region(self) -> str:
    return forms.region(self.location)


def to_json(config: InfraConfig) -> str:
  """The config as it is kept beside what was made of it."""
  return json.dumps({"schema": _SCHEMA, **asdict(config)}, sort_keys=True)


def from_json(text: str) -> InfraConfig:
  """The config that was kept.

  Raises:
    InvalidSetting: it is none, or of a later version of this plugin.
  """
  from cattrs import Converter
  from cattrs.errors import BaseValidationError

  try:
    told = json.loads(text)
    schema = told.pop("schema")
  except (ValueError, KeyError, AttributeError, TypeError) as error:
    raise _unreadable(error) from error
  if schema != _SCHEMA:
    raise InvalidSetting(
      "a later version of keras-remote made what is there, and keeps its"
      f" description in schema {schema}, where this one knows {_SCHEMA}",
      remedy='pip install --upgrade "keras-remote[infra]"',
    )
  try:
    return Converter().structure(told, InfraConfig)
  except (BaseValidationError, ValueError, KeyError, TypeError) as error:
    raise _unreadable(error) from error


def _unreadable(error: Exception) -> InvalidSetting:
  return InvalidSetting(
    f"the description of what was made cannot be read: {type(error).__name__}",
    remedy="keras-remote up, which writes it anew",
  )
