"""Hardware, and where it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
  from keras_remote_core.settings import CoreSettings


@frozen(kw_only=True)
class Accelerator:
  """Neutral facts about what was asked for; labels belong to the plugins.

  Args:
    name: the canonical spelling, such as ``"v6e-4x4"``, ``"a100x4"``,
      ``"cpu"`` or ``"cpu:8"``.
    kind: ``"cpu"``, ``"gpu"`` or ``"tpu"``.
    family: ``"v6e"``, ``"a100"``, ``"cpu"``: the key of the registry.
    chips: TPU chips or GPUs in all hosts; for ``cpu:8``, CPUs (0: any).
    hosts: machines the chips are spread over.
    topology: ``"4x4"`` on TPU, None elsewhere.
    memory: GB of device memory per chip (decimal), None where not known.
  """

  name: str
  kind: str
  family: str
  chips: int
  hosts: int = 1
  topology: str | None = None
  memory: int | None = None

  @property
  def chips_per_host(self) -> int:
    return self.chips // self.hosts


@frozen(kw_only=True)
class Resources:
  """The hardware of one job."""

  accelerator: Accelerator
  spot: bool = False


@frozen(kw_only=True)
class Place:
  """Where a cloud backend works; backends without a cloud ignore it."""

  project: str | None = None
  zone: str | None = None
  cluster: str | None = None
  namespace: str | None = None

  @classmethod
  def of(cls, core: CoreSettings) -> Place:
    """The place that the core's settings name."""
    return cls(
      project=core.project,
      zone=core.zone,
      cluster=core.cluster,
      namespace=core.namespace,
    )
