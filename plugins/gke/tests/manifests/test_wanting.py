"""The pool that a waiting job is told to have added is the one it needs."""

from __future__ import annotations

import pytest

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_gke import machines, wanting

ACCELERATORS = Accelerators(FAMILIES)
EVERY = [
  *(each for each in ACCELERATORS.describe() if each.name != "cpu"),
  ACCELERATORS.parse("v6e-2x4:hosts=2").accelerator,
  ACCELERATORS.parse("v5p-4x4x12").accelerator,
]


def pod(accelerator, **labels):
  name, amount = machines.resource(accelerator)
  limits = {name: str(amount)}
  return {
    "spec": {
      "nodeSelector": {**machines.selector(accelerator), **labels},
      "containers": [{"name": "main", "resources": {"limits": limits}}],
    }
  }


@pytest.mark.parametrize("accelerator", EVERY, ids=lambda each: each.name)
def test_a_pod_tells_which_accelerator_it_asks_for(accelerator):
  told = wanting.accelerator(pod(accelerator))
  assert ACCELERATORS.parse(told).accelerator == accelerator


def test_a_pod_that_asks_for_none_wants_cpus():
  assert wanting.options({"spec": {}}) == "--accelerator cpu"


def test_a_pod_for_spot_capacity_gets_a_pool_of_it():
  l4 = ACCELERATORS.parse("l4").accelerator
  asked = pod(l4, **{wanting.SPOT: "true"})
  assert wanting.options(asked) == "--accelerator l4 --spot"


def test_labels_of_machines_that_are_not_known_are_told_as_they_are():
  asked = {"spec": {"nodeSelector": {wanting.GPU: "nvidia-next"}}}
  assert wanting.accelerator(asked) == "nvidia-next"
