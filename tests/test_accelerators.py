from __future__ import annotations

import itertools

import pytest

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_core.errors import UnknownAccelerator
from keras_remote_core.model import Accelerator

ACCELERATORS = Accelerators(FAMILIES)
MOST_CUBES = {"v4": 64, "v5p": 96, "tpu7x": 144, "tpu7": 4}


def named(name: str) -> Accelerator:
  return ACCELERATORS.parse(name).accelerator


def chips_and_hosts(name: str) -> tuple[int, int]:
  return named(name).chips, named(name).hosts


def cuboids(cubes: int):
  sides = range(1, cubes + 1)
  for a, b in itertools.product(sides, sides):
    for c in range(b, min(64, cubes // (a * b)) + 1) if a <= b else ():
      yield 4 * a, 4 * b, 4 * c


@pytest.mark.parametrize(
  ("topology", "chips", "hosts"),
  [
    ("1x1", 1, 1),
    ("2x2", 4, 1),
    ("2x4", 8, 1),
    ("2x4:hosts=2", 8, 2),
    ("4x4", 16, 4),
    ("4x8", 32, 8),
    ("8x8", 64, 16),
    ("8x16", 128, 32),
    ("16x16", 256, 64),
  ],
)
@pytest.mark.parametrize("generation", ["v5e", "v6e"])
def test_v5e_and_v6e_have_every_flat_slice(generation, topology, chips, hosts):
  assert chips_and_hosts(f"{generation}-{topology}") == (chips, hosts)


def test_v3_is_one_machine_or_a_slice_of_up_to_the_whole_pod():
  found = [(each.topology, each.hosts) for each in ACCELERATORS.describe("v3")]
  assert found[:2] == [("2x2", 1), ("4x4", 4)]
  assert found[-1] == ("32x32", 256)


@pytest.mark.parametrize(
  ("topology", "chips", "hosts"),
  [
    ("2x2x1", 4, 1),
    ("2x2x2", 8, 2),
    ("2x2x4", 16, 4),
    ("2x4x4", 32, 8),
    ("4x4x4", 64, 16),
    ("4x4x12", 192, 48),
    ("4x8x8", 256, 64),
    ("16x16x16", 4096, 1024),
  ],
)
@pytest.mark.parametrize("generation", ["v4", "v5p", "tpu7x"])
def test_generations_of_cubes_have_every_usual_slice(
  generation, topology, chips, hosts
):
  assert chips_and_hosts(f"{generation}-{topology}") == (chips, hosts)


@pytest.mark.parametrize("generation", MOST_CUBES)
def test_every_cuboid_of_cubes_is_a_slice_under_its_own_name(generation):
  for axes in cuboids(MOST_CUBES[generation]):
    topology = "x".join(map(str, axes))
    found = named(f"{generation}-{topology}")
    assert found.name == f"{generation}-{topology}"
    assert found.chips_per_host == 4


@pytest.mark.parametrize(
  "name",
  [
    "v4-16x16x20",
    "v5p-16x16x28",
    "v5p-4x4x260",
    "tpu7x-16x16x40",
    "tpu7-4x4x20",
    "v5p-4x4x6",
    "v5p-4x4",
    "v6e-4x4x4",
    "v6e-32x32",
    "v3-32x64",
    "v3-1x1",
  ],
)
def test_slices_that_cannot_be_had_are_refused_with_those_nearby(name):
  with pytest.raises(UnknownAccelerator, match="the nearest: "):
    named(name)


def test_two_slices_of_equal_chips_are_both_there():
  assert named("v5p-4x8x8").chips == named("v5p-4x4x16").chips == 256
  assert named("v5p-4x8x8") != named("v5p-4x4x16")
  assert named("v6e-2x4") != named("v6e-2x4:hosts=2")


@pytest.mark.parametrize(
  ("name", "counts"),
  [
    ("t4", [1, 2, 4]),
    ("p4", [1, 2, 4]),
    ("p100", [1, 2, 4]),
    ("v100", [1, 2, 4, 8]),
    ("l4", [1, 2, 4, 8]),
    ("a100", [1, 2, 4, 8, 16]),
    ("a100-80gb", [1, 2, 4, 8]),
    ("h100", [1, 2, 4, 8]),
    ("h100-mega", [8]),
    ("h200", [8]),
    ("b200", [8]),
    ("gb200", [4]),
    ("gb300", [4]),
    ("rtx-pro-6000", [1, 2, 4, 8]),
  ],
)
def test_gpus_come_in_the_numbers_that_machines_have(name, counts):
  sizes = ACCELERATORS.describe(name)
  assert [each.chips for each in sizes] == counts
  assert {(each.kind, each.hosts) for each in sizes} == {("gpu", 1)}


@pytest.mark.parametrize(
  ("name", "memory"),
  [("v5e", 16), ("v6e", 32), ("v5p", 95), ("l4", 24), ("a100-80gb", 80)],
)
def test_device_memory_is_per_chip(name, memory):
  assert {each.memory for each in ACCELERATORS.describe(name)} == {memory}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda each: each.name)
def test_a_bare_name_is_the_smallest_size_or_no_longer_offered(family):
  if shapes := family.shapes():
    assert named(family.name) == min(shapes, key=lambda each: each.chips)
  else:
    with pytest.raises(UnknownAccelerator, match="not offered any more"):
      named(family.name)


def test_the_listing_has_each_size_once_and_under_its_own_name():
  names = [each.name for each in ACCELERATORS.describe()]
  assert len(set(names)) == len(names)
  assert [named(name).name for name in names] == names


def test_the_smallest_of_most_generations_runs_on_one_machine():
  tpus = [each for each in FAMILIES if each.kind == "tpu" and each.shapes()]
  assert {named(each.name).hosts for each in tpus} == {1}
