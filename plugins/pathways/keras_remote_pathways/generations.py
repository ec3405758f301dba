"""What Pathways calls the TPUs that it drives; pure.

Names: Google's PathwaysJob controller and xpk, which are public. ``tpuv5`` is
the v5p; of v5e and v6e, other names stand for machines of eight chips.
"""

from __future__ import annotations

from collections.abc import Mapping

from keras_remote_core.model import Accelerator

_NAMES: Mapping[str, str] = {
  "v4": "tpuv4",
  "v5e": "tpuv5e",
  "v5p": "tpuv5",
  "v6e": "tpuv6e",
  "tpu7x": "tpu7x",
  "tpu7": "tpu7",
}


def drives(accelerator: Accelerator) -> bool:
  """Whether Pathways has a use for it: a TPU slice of several machines."""
  return accelerator.family in _NAMES and accelerator.hosts > 1


def instance_type(accelerator: Accelerator) -> str:
  """Such as ``tpuv6e:4x4``."""
  return f"{_NAMES[accelerator.family]}:{accelerator.topology}"
