"""Which pool an accelerator takes, and which cannot be had."""

from __future__ import annotations

import pytest

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_core.errors import UsageError
from keras_remote_pulumi_infra import pools

NAMES = Accelerators(FAMILIES)


def pool_of(name, **asked):
  return pools.pool_config(NAMES.parse(name).accelerator, **asked)


def shape_of(name, **asked):
  return pools.shape(pool_of(name, **asked))


@pytest.mark.parametrize(
  ("name", "asked", "expected"),
  [
    ("v6e-16", {}, "v6e-4x4"),
    ("v6e-4x4", {"spot": True}, "v6e-4x4-spot"),
    ("h100x8", {"flex_start": True}, "h100x8-flex"),
    ("tpu7x-16x16x36", {"reservation": "r"}, "tpu7x-16x16x36-reserved"),
    ("v6e-2x4:hosts=2", {}, "v6e-2x4-on2"),
    ("cpu:8", {}, "cpu-8"),
    ("a100-80gb", {"taken": ["a100-80gb"]}, "a100-80gb-2"),
    ("l4", {"taken": ["l4", "l4-2"]}, "l4-3"),
    ("cpu", {}, "cpu-2"),
  ],
)
def test_a_pool_is_called_what_it_has(name, asked, expected):
  assert pool_of(name, **asked).name == expected


@pytest.mark.parametrize(
  ("name", "machine", "kind", "count"),
  [
    ("l4", "g2-standard-4", "nvidia-l4", 1),
    ("a100x16", "a2-megagpu-16g", "nvidia-tesla-a100", 16),
    ("t4x4", "n1-standard-16", "nvidia-tesla-t4", 4),
    ("v3-8", "ct3-hightpu-4t", "tpu-v3-device", 4),
    ("v3-4x4", "ct3p-hightpu-4t", "tpu-v3-slice", 4),
    ("v5e-1", "ct5lp-hightpu-1t", "tpu-v5-lite-podslice", 1),
    ("v6e-8", "ct6e-standard-8t", "tpu-v6e-slice", 8),
    ("v6e-2x4:hosts=2", "ct6e-standard-4t", "tpu-v6e-slice", 4),
    ("v5p-4x4x8", "ct5p-hightpu-4t", "tpu-v5p-slice", 4),
    ("cpu", "e2-standard-8", None, 0),
    ("cpu:8", "e2-standard-16", None, 0),
    ("cpu:32", "n2-standard-48", None, 0),
  ],
)
def test_a_pool_has_the_smallest_machines_that_have_it(
  name, machine, kind, count
):
  shape = shape_of(name)
  assert shape.machine_type == machine
  assert (shape.accelerator_type, shape.accelerator_count) == (kind, count)


def test_a_larger_machine_can_be_named():
  shape = shape_of("l4", machine_type="g2-standard-32")
  assert shape.machine_type == "g2-standard-32"
  assert shape_of("cpu", machine_type="c4-highmem-8").machine_type == (
    "c4-highmem-8"
  )


@pytest.mark.parametrize(
  ("name", "least", "most"),
  [
    ("l4", 0, 8),
    ("v6e-8", 0, 8),
    ("v6e-4x4", 0, 4),
    ("v6e-2x4:hosts=2", 0, 2),
    ("tpu7x-16x16x36", 0, 2304),
    ("gb200", 0, 18),
  ],
)
def test_a_pool_is_empty_until_a_job_needs_it(name, least, most):
  shape = shape_of(name)
  assert (shape.min_nodes, shape.max_nodes) == (least, most)


def test_a_slice_of_several_machines_is_placed_as_a_whole():
  assert shape_of("v6e-4x4").tpu_topology == "4x4"
  assert shape_of("v6e-4x4").atomic
  assert shape_of("v6e-4x4", min_nodes=4, max_nodes=4).min_nodes == 4
  assert not shape_of("v6e-2x2").atomic


@pytest.mark.parametrize("name", ["tpu7x-2x2x2", "tpu7x-16x16x36"])
def test_a_slice_of_the_newest_tpus_is_placed_by_a_policy(name):
  shape = shape_of(name)
  assert shape.policy_topology == shape.tpu_topology
  assert shape_of("tpu7x-2x2x1").policy_topology is None


@pytest.mark.parametrize("name", ["gb200", "gb300"])
def test_gpus_that_nvlink_connects_share_a_partition(name):
  assert shape_of(name).policy_topology == "1x72"


@pytest.mark.parametrize(
  ("name", "disk", "driver"),
  [
    ("h200", "hyperdisk-balanced", "DEFAULT"),
    ("b200", "hyperdisk-balanced", "LATEST"),
    ("tpu7x-2x2x1", "hyperdisk-balanced", None),
    ("h100", None, "DEFAULT"),
    ("p100", None, "DEFAULT"),
    ("v6e-8", None, None),
    ("cpu", None, None),
  ],
)
def test_disks_and_drivers_are_those_that_the_machine_takes(name, disk, driver):
  shape = shape_of(name)
  assert (shape.disk_type, shape.driver) == (disk, driver)


def test_machines_that_can_be_taken_away_are_for_who_asked_for_them():
  keys = [key for key, _ in shape_of("l4", spot=True).taints]
  assert keys == ["cloud.google.com/gke-spot"]
  assert shape_of("l4").taints == ()


@pytest.mark.parametrize(
  ("name", "asked", "told"),
  [
    ("v4-4x4x4", {"flex_start": True}, "v4 cannot be had by flex-start"),
    ("v6e", {"flex_start": True, "min_nodes": 1}, "come when a job needs"),
    ("v6e-4x4", {"max_nodes": 8}, "one slice of 4 machines"),
    ("v6e-4x4", {"min_nodes": 1}, "all or none"),
    ("l4", {"machine_type": "a2-highgpu-1g"}, "has no l4; what has: g2-"),
    ("cpu:200", {}, "no usual machine gives a job 200 CPUs"),
  ],
)
def test_a_pool_that_google_has_not_is_refused_with_what_it_has(
  name, asked, told
):
  with pytest.raises(UsageError, match=told) as caught:
    pool_of(name, **asked)
  assert caught.value.remedy


def test_every_cluster_of_ours_has_two_pools_of_its_own(configured):
  system, cpu = pools.wanted(configured(cpu_machine_type="n2-standard-64"))
  assert (system.min_nodes, cpu.min_nodes) == (1, 0)
  assert pools.shape(cpu).machine_type == "n2-standard-64"
  assert pools.wanted(configured(adopt=True)) == ()
