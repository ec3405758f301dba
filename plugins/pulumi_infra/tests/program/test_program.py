"""What is made of a config, to the last resource."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_remote_cloudbuild import builder, building
from keras_remote_core.errors import UnsupportedByBackend, UsageError
from keras_remote_core.model import Blob
from keras_remote_core.settings import CoreSettings
from keras_remote_gcp import plugin as gcp
from keras_remote_pulumi_infra import adopting, services
from keras_remote_pulumi_infra.config import PoolConfig, from_json
from keras_remote_pulumi_infra.program import program

NODES = "serviceAccount:keras-remote-nodes@my-project.iam.gserviceaccount.com"
BUILDS = "serviceAccount:keras-remote-builds@my-project.iam.gserviceaccount.com"
JOBS = (
  "principal://iam.googleapis.com/projects/123456789/locations/global"
  "/workloadIdentityPools/my-project.svc.id.goog"
  "/subject/ns/default/sa/keras-remote"
)
LABELS = {"managed-by": "keras-remote"}


def granted(run):
  """Who may do what, and on what."""
  return {
    (
      each.inputs["member"],
      each.inputs["role"],
      each.inputs.get("bucket")
      or each.inputs.get("repository")
      or each.inputs["project"],
    )
    for kind in ("IAMMember", "BucketIAMMember", "RepositoryIamMember")
    for each in run.of(kind)
  }


def before(run, name):
  """All that is made before a resource."""
  found = set()
  waiting = [name]
  while waiting:
    new = run.resources[waiting.pop()].dependencies - found
    found |= new
    waiting += new
  return found


def test_a_new_user_gets_these_and_no_others(usual):
  apis = {f"api-{name}" for name in services.NAMES}
  assert usual.resources.keys() - apis == {
    "account-builds",
    "account-nodes",
    "bucket",
    "cluster",
    "nat",
    "network",
    "pool-cpu",
    "pool-system",
    "repository",
    "role-builds-bucket",
    "role-builds-images",
    "role-builds-logs",
    "role-builds-objects",
    "role-jobs-bucket",
    "role-jobs-objects",
    "role-nodes-defaults",
    "role-nodes-images",
    "role-nodes-streaming",
    "router",
    "subnetwork",
  }
  assert len(usual.resources) == len(apis) + 20


def test_nobody_may_do_more_than_this(usual):
  bucket, repository = "my-project-keras-remote-keras-remote", "keras-remote"
  assert granted(usual) == {
    (NODES, "roles/container.defaultNodeServiceAccount", "my-project"),
    (NODES, "roles/serviceusage.serviceUsageConsumer", "my-project"),
    (NODES, "roles/artifactregistry.reader", repository),
    (BUILDS, "roles/artifactregistry.writer", repository),
    (BUILDS, "roles/logging.logWriter", "my-project"),
    (BUILDS, "roles/storage.objectUser", bucket),
    (BUILDS, "roles/storage.legacyBucketReader", bucket),
    (JOBS, "roles/storage.objectUser", bucket),
    (JOBS, "roles/storage.legacyBucketReader", bucket),
  }


def test_jobs_are_known_by_their_namespace_and_account(made):
  run = made(namespace="team-a", service_account="trainer")
  (member,) = {
    each.inputs["member"]
    for each in run.of("BucketIAMMember")
    if each.name.startswith("role-jobs")
  }
  assert member.endswith("/subject/ns/team-a/sa/trainer")
  assert run.exports["jobs_account"] == member


@pytest.mark.parametrize("name", ["cluster", "bucket", "network", "repository"])
def test_apis_are_on_before_anything_takes_them(usual, name):
  apis = {f"api-{each}" for each in services.NAMES}
  assert apis <= before(usual, name)


def test_the_api_by_which_the_project_is_looked_at_is_on_first(usual):
  first = "api-cloudresourcemanager"
  assert not before(usual, first)
  for api in services.NAMES:
    assert f"api-{api}" == first or first in before(usual, f"api-{api}")


@pytest.mark.parametrize("api", services.NAMES)
def test_apis_stay_on_for_whoever_else_uses_them(usual, api):
  inputs = usual.resources[f"api-{api}"].inputs
  assert inputs["service"] == f"{api}.googleapis.com"
  assert inputs["disableOnDestroy"] is False


def test_machines_come_when_they_can_reach_what_they_run(usual):
  assert {"cluster", "nat", "account-nodes"} <= before(usual, "pool-cpu")


def test_jobs_are_let_in_once_the_cluster_has_given_them_identities(usual):
  assert "cluster" in before(usual, "role-jobs-objects")


def test_machines_have_no_addresses_and_yet_a_way_out(usual):
  cluster = usual.resources["cluster"].inputs
  nat = usual.resources["nat"].inputs
  assert cluster["privateClusterConfig"] == {"enablePrivateNodes": True}
  assert nat["sourceSubnetworkIpRangesToNat"].startswith("ALL_")
  assert usual.resources["subnetwork"].inputs["privateIpGoogleAccess"]


def test_the_cluster_is_reached_by_its_name_from_anywhere(usual):
  endpoints = usual.resources["cluster"].inputs["controlPlaneEndpointsConfig"]
  assert endpoints == {"dnsEndpointConfig": {"allowExternalTraffic": True}}


def test_the_cluster_keeps_costs_down(usual):
  cluster = usual.resources["cluster"].inputs
  autoscaling = cluster["clusterAutoscaling"]
  assert autoscaling["autoscalingProfile"] == "OPTIMIZE_UTILIZATION"
  assert cluster["loggingConfig"]["enableComponents"] == ["SYSTEM_COMPONENTS"]
  assert not cluster["monitoringConfig"]["managedPrometheus"]["enabled"]
  kept = [each.inputs["initialNodeCount"] for each in usual.of("NodePool")]
  assert sorted(kept) == [0, 1]


def test_the_cluster_is_as_jobs_take_it(usual):
  cluster = usual.resources["cluster"].inputs
  identity = cluster["workloadIdentityConfig"]
  assert identity == {"workloadPool": "my-project.svc.id.goog"}
  assert cluster["removeDefaultNodePool"]
  assert cluster["enableShieldedNodes"]
  assert cluster["deletionProtection"] is False
  pool_defaults = cluster["nodePoolDefaults"]["nodeConfigDefaults"]
  assert pool_defaults == {"gcfsConfig": {"enabled": True}}


def test_not_even_the_first_machine_acts_as_the_projects_account(usual):
  account = usual.resources["cluster"].inputs["nodeConfig"]["serviceAccount"]
  assert account == NODES.removeprefix("serviceAccount:")
  assert usual.resources["cluster"].ignored == ("nodeConfig",)


def test_every_machine_acts_as_the_machines_account(usual):
  for pool in usual.of("NodePool"):
    machine = pool.inputs["nodeConfig"]
    assert machine["serviceAccount"] == NODES.removeprefix("serviceAccount:")
    assert machine["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}


def test_a_zonal_cluster_has_its_machines_in_one_zone(usual):
  assert "nodeLocations" not in usual.resources["cluster"].inputs
  assert usual.exports["location"] == "us-central1-a"


def test_a_regional_cluster_has_its_machines_in_one_zone_too(made):
  run = made(location="us-central1")
  places = [
    each.inputs for each in (run.resources["cluster"], *run.of("NodePool"))
  ]
  assert {each["location"] for each in places} == {"us-central1"}
  assert all(each["nodeLocations"] == ["us-central1-a"] for each in places)


def test_a_network_that_is_named_is_joined_as_it_is(made):
  run = made(network="shared", subnetwork="ours")
  cluster = run.resources["cluster"].inputs
  assert (cluster["network"], cluster["subnetwork"]) == ("shared", "ours")
  assert not run.of("Network")
  assert not run.of("RouterNat")


def test_the_bucket_is_the_one_that_jobs_use_by_default(usual):
  core = CoreSettings(project="my-project", cluster="keras-remote")
  assert f"gs://{usual.exports['bucket']}" == gcp.default_url(core)


def test_nobody_loses_what_is_in_the_bucket_by_mistake(usual):
  bucket = usual.resources["bucket"]
  assert bucket.protected
  assert bucket.inputs["publicAccessPrevention"] == "enforced"
  assert bucket.inputs["uniformBucketLevelAccess"]


def test_what_jobs_share_goes_by_the_age_that_its_use_renews(usual):
  removal = usual.resources["bucket"].inputs["lifecycleRules"][0]
  condition = {**removal["condition"]}
  prefixes = condition.pop("matchesPrefixes")
  assert condition == {"daysSinceCustomTime": 180}
  blob = Blob(path=Path("x"), sha256="0" * 64, size=1)
  for key in (blob.key, f"{building.ARCHIVES}/x.tar.gz"):
    assert key.startswith(tuple(prefixes))


def test_what_jobs_leave_to_keep_never_goes_by_age(usual):
  rules = usual.resources["bucket"].inputs["lifecycleRules"]
  removed = tuple(
    prefix
    for rule in rules
    if rule["action"]["type"] == "Delete"
    for prefix in rule["condition"]["matchesPrefixes"]
  )
  kept = ("jobs/", "outputs/", f"{builder.USES}/", "images/locks/", "data/")
  assert not any(each.startswith(removed) for each in kept)


def test_what_is_deleted_or_was_never_finished_is_not_paid_for(usual):
  bucket = usual.resources["bucket"].inputs
  assert bucket["softDeletePolicy"] == {"retentionDurationSeconds": 0}
  unfinished = bucket["lifecycleRules"][-1]
  assert unfinished["action"] == {"type": "AbortIncompleteMultipartUpload"}


def test_no_image_that_a_job_can_name_is_removed_by_age(usual):
  (policy,) = usual.resources["repository"].inputs["cleanupPolicies"]
  assert policy["condition"]["tagState"] == "UNTAGGED"


def test_a_repository_that_others_made_is_used_and_left_alone(made):
  run = made(adopt_repository=True)
  assert not run.of("Repository")
  assert (NODES, "roles/artifactregistry.reader", "keras-remote") in granted(
    run
  )
  assert run.exports["repository"] == "keras-remote"


def test_everything_that_costs_money_says_whose_it_is(usual):
  for name in ("bucket", "repository"):
    assert usual.resources[name].inputs["labels"] == LABELS
  for name in ("cluster", "pool-cpu"):
    inputs = usual.resources[name].inputs
    assert LABELS in (
      inputs.get("resourceLabels"),
      inputs.get("nodeConfig", {}).get("resourceLabels"),
    )


def test_any_machine_can_read_what_was_asked_for(made, configured):
  pool = PoolConfig(name="l4-spot", accelerator="l4", spot=True)
  run = made(pools=(pool,))
  assert from_json(run.exports["config"]) == configured(pools=(pool,))


def test_the_account_of_builds_is_told_for_whoever_configures_them(usual):
  assert f"serviceAccount:{usual.exports['build_account']}" == BUILDS
  assert f"serviceAccount:{usual.exports['node_account']}" == NODES


def test_long_names_are_shortened_and_stay_different(made):
  names = [
    made(cluster=f"a-cluster-with-a-rather-long-name-{each}")
    .resources["account-nodes"]
    .inputs["accountId"]
    for each in "ab"
  ]
  assert names[0] != names[1]
  assert all(len(each) <= 30 for each in names)


def test_a_cluster_that_makes_its_own_pools_may_make_all_of_them(made):
  autoscaling = (
    made(auto_provisioning=True)
    .resources["cluster"]
    .inputs["clusterAutoscaling"]
  )
  limits = {
    e["resourceType"]: e["maximum"] for e in autoscaling["resourceLimits"]
  }
  assert autoscaling["enabled"]
  assert {"cpu", "memory", "nvidia-l4", "tpu-v6e-slice"} <= limits.keys()
  account = autoscaling["autoProvisioningDefaults"]["serviceAccount"]
  assert account == NODES.removeprefix("serviceAccount:")


class TestACluster:
  """That was there before."""

  @pytest.fixture(scope="class")
  def joined(self, made):
    pool = PoolConfig(name="l4", accelerator="l4")
    return made(adopt=True, pools=(pool,))

  def test_is_not_changed_and_gets_what_is_missing_beside_it(self, joined):
    for kind in ("Cluster", "Network", "Subnetwork", "Router", "RouterNat"):
      assert not joined.of(kind)
    assert [each.name for each in joined.of("NodePool")] == ["pool-l4"]
    assert [each.name for each in joined.of("Account")] == ["account-builds"]
    assert joined.of("Bucket")
    assert joined.of("Repository")

  def test_gets_pools_once_the_apis_are_on(self, joined):
    apis = {f"api-{each}" for each in services.NAMES}
    assert apis <= before(joined, "pool-l4")

  def test_keeps_the_account_of_its_machines(self, joined):
    email = "123456789-compute@developer.gserviceaccount.com"
    pool = joined.resources["pool-l4"].inputs
    assert pool["nodeConfig"]["serviceAccount"] == email
    assert joined.exports["node_account"] == email

  def test_gives_that_account_the_images_and_nothing_else(self, joined):
    roles = [role for who, role, _ in granted(joined) if "compute@" in who]
    assert roles == ["roles/artifactregistry.reader"]

  def test_without_workload_identity_is_refused(self, configured):
    with pytest.raises(UnsupportedByBackend, match="turned off") as caught:
      adopting.check(configured(adopt=True), {"name": "keras-remote"})
    assert "--workload-pool=my-project.svc.id.goog" in caught.value.remedy
    # A pool that was there before goes on as the account of its machines.
    assert "--workload-metadata=GKE_METADATA" in caught.value.remedy

  def test_with_workload_identity_is_taken(self, configured):
    identity = {"workloadPool": "my-project.svc.id.goog"}
    adopting.check(configured(adopt=True), {"workloadIdentityConfig": identity})

  def test_that_makes_all_of_its_pools_gets_none(self, configured):
    autopilot = {"autopilot": {"enabled": True}}
    adopting.check(configured(adopt=True), autopilot)
    pool = PoolConfig(name="l4", accelerator="l4")
    with pytest.raises(UnsupportedByBackend, match="Autopilot"):
      adopting.check(configured(adopt=True, pools=(pool,)), autopilot)


def test_what_cannot_be_had_is_said_before_anything_begins(configured):
  pool = PoolConfig(name="tpus", accelerator="v6e-4x4", max_nodes=3)
  with pytest.raises(UsageError, match="one slice of 4 machines"):
    program(configured(pools=(pool,)))
