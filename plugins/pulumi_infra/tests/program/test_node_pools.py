"""How pools are made of what was asked for, and who may run on them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_core.model import Resources
from keras_remote_gke import node_pools
from keras_remote_gke.testing.controllers import affinity, fitting
from keras_remote_gke.testing.controllers.affinity import Placed
from keras_remote_pulumi_infra import pools
from keras_remote_pulumi_infra.testing import gke

NAMES = Accelerators(FAMILIES)
CUBES = st.lists(
  st.integers(1, 4).map(lambda edge: 4 * edge), min_size=3, max_size=3
)
ACCELERATORS = st.sampled_from(NAMES.describe()) | st.builds(
  lambda family, edges: (
    NAMES.parse(f"{family}-{'x'.join(map(str, sorted(edges)))}").accelerator
  ),
  st.sampled_from(["v4", "v5p", "tpu7x"]),
  CUBES,
)


def added(*names, **asked):
  """The configs of pools that are added one after the other."""
  made = []
  for name in names:
    found = NAMES.parse(name)
    taken = [each.name for each in made]
    made.append(
      pools.pool_config(
        found.accelerator, spot=found.spot, taken=taken, **asked
      )
    )
  return tuple(made)


def inputs_of(made, name, **asked):
  (pool,) = added(name, **asked)
  run = made(pools=(pool,))
  return run.resources[f"pool-{pool.name}"].inputs


def test_a_slice_is_placed_together_and_comes_as_a_whole(made):
  pool = inputs_of(made, "v6e-4x4")
  assert pool["placementPolicy"] == {"type": "COMPACT", "tpuTopology": "4x4"}
  assert pool["initialNodeCount"] == 0
  assert pool["autoscaling"] == {
    "totalMinNodeCount": 0,
    "totalMaxNodeCount": 4,
    "locationPolicy": "ANY",
  }


def test_one_machine_with_tpus_is_placed_anywhere(made):
  assert "placementPolicy" not in inputs_of(made, "v6e-8")


def test_a_slice_of_the_newest_tpus_has_a_policy_of_its_own(made):
  (pool,) = added("tpu7x-2x2x4")
  run = made(pools=(pool,))
  policy = run.resources["policy-tpu7x-2x2x4"]
  assert policy.inputs["workloadPolicy"] == {
    "type": "HIGH_THROUGHPUT",
    "acceleratorTopology": "2x2x4",
  }
  placement = run.resources["pool-tpu7x-2x2x4"].inputs["placementPolicy"]
  assert placement == {
    "type": "COMPACT",
    "tpuTopology": "2x2x4",
    "policyName": policy.inputs["name"],
  }


def test_gpus_come_with_their_driver(made):
  machine = inputs_of(made, "a100x4")["nodeConfig"]
  assert machine["guestAccelerators"] == [
    {
      "type": "nvidia-tesla-a100",
      "count": 4,
      "gpuDriverInstallationConfig": {"gpuDriverVersion": "DEFAULT"},
    }
  ]


def test_spot_machines_are_kept_for_who_asked_for_them(made):
  machine = inputs_of(made, "l4:spot")["nodeConfig"]
  assert machine["spot"]
  assert machine["taints"] == [
    {
      "key": "cloud.google.com/gke-spot",
      "value": "true",
      "effect": "NO_SCHEDULE",
    }
  ]


def test_flex_start_waits_for_machines_that_nobody_repairs(made):
  pool = inputs_of(made, "h100x8", flex_start=True)
  machine = pool["nodeConfig"]
  assert machine["flexStart"]
  assert machine["maxRunDuration"] == "604800s"
  affinity = machine["reservationAffinity"]
  assert affinity == {"consumeReservationType": "NO_RESERVATION"}
  assert not pool["management"]["autoRepair"]


def test_reserved_machines_are_those_of_the_reservation(made):
  name = "projects/theirs-1/reservations/shared"
  machine = inputs_of(made, "v5p-2x2x1", reservation=name)["nodeConfig"]
  assert machine["reservationAffinity"] == {
    "consumeReservationType": "SPECIFIC_RESERVATION",
    "key": "compute.googleapis.com/reservation-name",
    "values": [name],
  }


def test_what_a_pool_began_with_does_not_replace_it_later(made):
  (pool,) = added("l4")
  run = made(pools=(pool,))
  assert run.resources["pool-l4"].ignored == ("initialNodeCount",)


def test_several_slices_are_several_pools(made, pods_of):
  run = made(pools=added("v6e-4x4", "v6e-4x4", "v6e-4x4"))
  names = {each.inputs["name"] for each in run.of("NodePool")}
  assert {"v6e-4x4", "v6e-4x4-2", "v6e-4x4-3"} <= names
  described = {
    "nodePools": [gke.description(each.inputs) for each in run.of("NodePool")]
  }
  asked = pods_of(accelerator="v6e-4x4", backend="pathways", slices=3).plan
  assert len(node_pools.fitting(described, asked.resources)) == 3


def test_the_head_of_a_job_on_slices_has_a_place_from_the_start(usual, pods_of):
  head = pods_of(accelerator="v6e-4x4", backend="pathways").head
  node = gke.node(usual.resources["pool-cpu"].inputs)
  assert fitting.misfit(head, node, {}) is None
  described = [gke.description(each.inputs) for each in usual.of("NodePool")]
  assert node_pools.plain({"nodePools": described}) == ["system", "cpu"]


@pytest.mark.parametrize("name", ["l4:spot", "v6e-8:spot", "cpu:spot"])
def test_a_job_that_cannot_be_taken_away_is_on_no_spot_machine(
  made, pods_of, name
):
  node = gke.node(inputs_of(made, name))
  plain = name.removesuffix(":spot")
  workers = pods_of(accelerator=plain, backend="gke").workers
  assert fitting.misfit(workers, node, {}) is not None


@pytest.mark.parametrize(
  ("backend", "name"), [("gke", "v6e-4x4"), ("gke", "v6e-2x4:hosts=2")]
)
def test_all_hosts_of_a_job_have_a_place_in_its_slice_and_no_more(
  made, pods_of, backend, name
):
  pool = inputs_of(made, name)
  pods = pods_of(accelerator=name, backend=backend)
  workers, hosts = pods.workers, pods.plan.resources.accelerator.hosts
  placed = []
  for host in range(hosts):
    node = gke.node(pool, f"10.0.0.{host}")
    assert fitting.misfit(workers, node, {}) is None
    assert affinity.misfit(workers, node, placed) is None
    placed.append(Placed(workers, node))
  assert pool["autoscaling"]["totalMaxNodeCount"] == hosts


@settings(
  max_examples=12,
  suppress_health_check=[
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
  ],
)
@given(
  accelerators=st.lists(ACCELERATORS, min_size=1, max_size=4),
  spot=st.booleans(),
  changes=st.fixed_dictionaries(
    {},
    optional={
      "location": st.just("us-central1"),
      "adopt": st.booleans(),
      "auto_provisioning": st.booleans(),
      "network": st.just("shared"),
      "cluster": st.sampled_from(["c", "c" * 40]),
      "cpu_min_nodes": st.integers(0, 3),
    },
  ),
)
def test_pools_of_any_config_have_what_jobs_ask_for(
  made, pods_of, accelerators, spot, changes
):
  spots = ":spot" * spot
  asked = added(*(f"{each.name}{spots}" for each in accelerators))
  run = made(pools=asked, **changes)
  for accelerator, config in zip(accelerators, asked, strict=True):
    pool = run.resources[f"pool-{config.name}"].inputs
    wanted = Resources(accelerator=accelerator, spot=spot)
    described = {"nodePools": [gke.description(pool)]}
    assert node_pools.fitting(described, wanted)
    pods = pods_of(accelerator=f"{accelerator.name}{spots}", backend="gke")
    assert fitting.misfit(pods.workers, gke.node(pool), {}) is None
