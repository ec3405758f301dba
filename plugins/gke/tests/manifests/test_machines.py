from __future__ import annotations

import pytest

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_gke import machines

ACCELERATORS = Accelerators(FAMILIES)
EVERY = ACCELERATORS.describe()


@pytest.mark.parametrize("accelerator", EVERY, ids=lambda each: each.name)
def test_every_size_of_every_family_has_a_machine(accelerator):
  types = machines.machine_types(accelerator)
  assert bool(types) is (accelerator.kind != "cpu")


def test_every_machine_belongs_to_a_size_that_can_be_asked_for():
  asked = {
    machine.name for each in EVERY for machine in machines.machine_types(each)
  }
  every = {
    each.name for model in machines.MODELS.values() for each in model.machines
  }
  assert every == asked


@pytest.mark.parametrize("accelerator", EVERY, ids=lambda each: each.name)
def test_machines_of_a_size_are_listed_from_the_smallest(accelerator):
  sizes = [
    (each.cpus, each.memory) for each in machines.machine_types(accelerator)
  ]
  assert sizes == sorted(sizes)


def test_the_largest_machine_of_a_generation_has_the_topology_it_is_said_to():
  for family in FAMILIES:
    if family.kind == "tpu" and family.shapes():
      model = machines.model(family.shapes()[0])
      single = ACCELERATORS.parse(f"{family.name}-{model.topology}").accelerator
      assert single.hosts == 1
      assert single.chips == max(each.chips for each in model.machines)


def test_slices_of_v3_are_of_other_machines_than_a_single_one():
  single, sliced = ACCELERATORS.describe("v3")[:2]
  assert machines.machine_types(single)[0].name == "ct3-hightpu-4t"
  assert machines.machine_types(sliced)[0].name == "ct3p-hightpu-4t"
  labels = [set(machines.selector(each).values()) for each in (single, sliced)]
  assert labels == [{"tpu-v3-device", "2x2"}, {"tpu-v3-slice", "4x4"}]


@pytest.mark.parametrize("generation", ["v5e", "v6e"])
def test_the_number_of_chips_tells_one_machine_from_two(generation):
  one = ACCELERATORS.parse(f"{generation}-2x4").accelerator
  two = ACCELERATORS.parse(f"{generation}-2x4:hosts=2").accelerator
  assert machines.selector(one) == machines.selector(two)
  assert machines.resource(one) == ("google.com/tpu", 8)
  assert machines.resource(two) == ("google.com/tpu", 4)
  assert machines.machine_types(one)[0].name.endswith("-8t")
  assert machines.machine_types(two)[0].name.endswith("-4t")
