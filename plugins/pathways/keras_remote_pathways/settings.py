"""Settings of jobs that Pathways spreads over several machines."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen
from attrs.validators import optional as if_given

from keras_remote_core import durations
from keras_remote_core.settings import setting
from keras_remote_gke import quantities, syntax
from keras_remote_gke.settings import GkeSettings

LWS, JOB_SET = "lws", "jobset"
_LAYOUTS = (LWS, JOB_SET)
_MOST_SLICES = 256
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)


def _slices(instance: Any, attribute: Any, value: int) -> None:
  del instance, attribute
  if not 1 <= value <= _MOST_SLICES:
    raise ValueError(f"must be a whole number from 1 to {_MOST_SLICES}")


def _layout(instance: Any, attribute: Any, value: str) -> None:
  del instance, attribute
  if value not in _LAYOUTS:
    raise ValueError(f"must be {' or '.join(map(repr, _LAYOUTS))}")


def _tag(instance: Any, attribute: Any, value: str) -> None:
  del instance, attribute
  if not _TAG.fullmatch(value):
    raise ValueError("must be an image's tag, such as jax-0.10.0")


@frozen(kw_only=True)
class PathwaysSettings(GkeSettings):
  """How a job on several machines is laid out.

  What is inherited about capacity is about the TPUs; ``cpu``, ``memory`` and
  ``disk`` are the function's own, on the head.

  Args:
    grace: seconds.
  """

  slices: int = setting(
    1,
    "slices of the accelerator that the function drives",
    run=True,
    validator=_slices,
  )
  layout: str | None = setting(
    None,
    "the kind of object a job becomes: lws or jobset",
    run=True,
    validator=if_given(_layout),
  )
  head_pool: str | None = setting(
    None,
    "the node pool, without TPUs, that the head runs on",
    run=True,
    validator=if_given(syntax.label_value),
  )
  proxy_cpu: str = setting(
    "4",
    "CPUs that Pathways asks for on the head to move arrays",
    run=True,
    converter=quantities.cpus,
  )
  proxy_memory: str = setting(
    "16Gi",
    "memory that Pathways asks for on the head to move arrays",
    run=True,
    converter=quantities.size,
  )
  image_tag: str | None = setting(
    None,
    "the tag of Pathways' own images, in place of the job's JAX version's",
    run=True,
    validator=if_given(_tag),
  )
  unattended: bool = setting(
    False,
    "accept that only a client frees the machines of a job on lws",
    run=True,
  )
  grace: float = setting(
    120.0,
    "how long a job on lws that has ended waits for a client to remove it",
    converter=durations.seconds,
  )
