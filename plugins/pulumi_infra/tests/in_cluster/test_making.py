"""What is inside the cluster is made, kept and removed by server-side apply."""

from __future__ import annotations

import hashlib

import pytest
from attrs import evolve

from keras_remote_gcp.testing.server import Fault
from keras_remote_gke.testing import Node
from keras_remote_pulumi_infra import in_cluster
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside import kinds, objects
from keras_remote_pulumi_infra.inside.objects import Standing
from keras_remote_pulumi_infra.inside.releases import RELEASES
from keras_remote_pulumi_infra.inside.waits import Patience
from keras_remote_pulumi_infra.testing import controller
from keras_remote_pulumi_infra.testing.controller import body

LWS = RELEASES["lws"]
SOON = Patience(seconds=20, pause=0.02)
NEVER = Patience(seconds=0.1, pause=0.02)
DEPLOYMENT = (
  "/apis/apps/v1/namespaces/lws-system/deployments/lws-controller-manager"
)
CRD = "CustomResourceDefinition"
SPACE = "/api/v1/namespaces/lws-system"
ALL = [("create", "research"), ("create", "keras-remote"), ("create", "lws")]
NONE = [("same", name) for _, name in ALL]


def brief(changes):
  return [(each.operation, each.name) for each in changes]


def detail(changes, name):
  (found,) = [each for each in changes if each.name == name]
  return found.detail


def manifest(*others):
  return controller.text([*controller.controller(LWS.version), *others])


def written(cluster):
  """The requests that changed something, as their verb and kind."""
  return [
    (each.method, each.path.split("/")[-2])
    for each in cluster.api.requests
    if each.method != "GET" and "dryRun" not in each.target
  ]


def test_before_there_is_a_cluster_all_of_it_would_be_made(config, home):
  found = in_cluster.plan(in_cluster.wanted(config), None)
  assert brief(found) == ALL
  assert detail(found, "lws") == LWS.version


def test_the_namespace_that_every_cluster_has_is_not_made(config, home):
  found = in_cluster.wanted(evolve(config, namespace="default"))
  assert brief(in_cluster.plan(found, None)) == ALL[1:]


def test_what_is_planned_is_what_is_made_and_then_nothing_is_left_to_do(
  config, plan, apply
):
  assert brief(plan(config)) == ALL
  assert brief(apply(config)) == ALL
  assert brief(plan(config)) == brief(apply(config)) == NONE


def test_a_plan_changes_nothing(config, plan, cluster):
  plan(config)
  assert written(cluster) == []


def test_what_others_depend_on_is_made_first_and_webhooks_last(
  config, apply, cluster
):
  apply(config)
  order = [kind for _, kind in written(cluster)[2:]]
  assert order == [
    "namespaces",
    "customresourcedefinitions",
    "serviceaccounts",
    "clusterroles",
    "clusterrolebindings",
    "services",
    "deployments",
    "validatingwebhookconfigurations",
  ]


def test_jobs_have_a_namespace_and_an_account_to_act_as(config, apply, cluster):
  apply(config)
  assert cluster.object("serviceaccounts", "keras-remote", "research")


def test_the_cluster_tells_what_was_installed(config, apply, api):
  apply(config)
  about = api.get(SPACE)["metadata"]
  assert about["annotations"] == {
    "keras-remote/version": LWS.version,
    "keras-remote/manifest-sha256": hashlib.sha256(manifest()).hexdigest(),
  }
  assert about["labels"]["of"] == "theirs"
  assert about["labels"]["app.kubernetes.io/managed-by"] == "keras-remote"


def test_an_object_that_somebody_deleted_is_made_again(
  config, plan, apply, api
):
  apply(config)
  api.delete(DEPLOYMENT, {})
  assert brief(plan(config))[-1] == ("update", "lws")
  assert detail(plan(config), "lws") == f"{LWS.version}, 1 of 8 objects"
  apply(config)
  assert api.get(DEPLOYMENT)
  assert brief(plan(config)) == NONE


def test_what_somebody_changed_of_ours_is_set_back(config, plan, apply, api):
  apply(config)
  image = [{"name": "manager", "image": "example.com/mine:1"}]
  change = {"spec": {"template": {"spec": {"containers": image}}}}
  api.patch(DEPLOYMENT, change)
  assert brief(plan(config))[-1] == ("update", "lws")
  apply(config)
  (container,) = api.get(DEPLOYMENT)["spec"]["template"]["spec"]["containers"]
  assert container["image"].endswith(LWS.version)


def test_what_others_have_added_to_ours_stays(config, plan, apply, api):
  apply(config)
  api.patch(DEPLOYMENT, {"spec": {"replicas": 3}})
  assert brief(plan(config)) == NONE
  apply(config)
  assert api.get(DEPLOYMENT)["spec"]["replicas"] == 3


def test_an_account_of_somebody_elses_is_left_as_it_is(
  config, plan, apply, api, cluster
):
  space = {"namespace": "default"}
  mine = body("v1", "ServiceAccount", "keras-remote", space)
  cluster.create("serviceaccounts", mine)
  config = evolve(config, namespace="default")
  assert detail(plan(config), "keras-remote").startswith("somebody else's")
  assert brief(apply(config))[0] == ("same", "keras-remote")
  found = cluster.object("serviceaccounts", "keras-remote")
  assert "labels" not in found["metadata"]


def test_a_controller_that_somebody_else_installed_stays(
  config, plan, apply, api, cluster
):
  served = kinds.Kinds(api)
  theirs = controller.controller("v0.5.1")
  for each in [e for e in theirs if e["kind"] in ("Namespace", CRD)]:
    api.apply(served.required(each), each)
  until_served(api, cluster)
  (deployment,) = [e for e in theirs if e["kind"] == "Deployment"]
  api.apply(served.required(deployment), deployment)
  told = detail(plan(config), "lws")
  assert told == "v0.5.1, installed by somebody else and left as it is"
  before = api.get(DEPLOYMENT)
  assert brief(apply(config))[-1] == ("same", "lws")
  assert api.get(DEPLOYMENT)["spec"] == before["spec"]


def test_a_newer_release_of_ours_stays(config, plan, apply, api):
  apply(config)
  newer = {"keras-remote/version": "v99.0.0"}
  api.patch(SPACE, {"metadata": {"annotations": newer}})
  assert brief(plan(config)) == brief(apply(config)) == NONE
  assert detail(plan(config), "lws") == (
    f"v99.0.0, which is newer than {LWS.version}"
  )


def test_an_older_release_of_ours_is_updated(config, plan, apply, api):
  apply(config)
  older = {"keras-remote/version": "v0.9.0"}
  api.patch(SPACE, {"metadata": {"annotations": older}})
  assert detail(plan(config), "lws") == f"v0.9.0 to {LWS.version}"
  assert brief(apply(config))[-1] == ("update", "lws")
  assert brief(plan(config)) == NONE


def test_a_controller_that_is_no_longer_wanted_goes_with_all_it_brought(
  config, plan, apply, api, cluster
):
  apply(config)
  without = evolve(config, controllers=())
  assert brief(plan(without))[-1] == ("delete", "lws")
  assert brief(apply(without))[-1] == ("delete", "lws")
  for plural in (
    "clusterroles",
    "clusterrolebindings",
    "customresourcedefinitions",
    "validatingwebhookconfigurations",
  ):
    assert cluster.objects(plural) == []
  assert cluster.object("serviceaccounts", "keras-remote", "research")
  until_served(api, cluster, False)
  assert brief(apply(config))[-1] == ("create", "lws")


def test_removing_what_jobs_need_leaves_what_is_not_ours(
  config, apply, api, cluster
):
  apply(config)
  told = []
  in_cluster.remove(["jobs", "kueue"], api, told.append, SOON)
  assert brief(told) == [("delete", "jobs")]
  assert cluster.objects("serviceaccounts", "default")


@pytest.mark.parametrize("nodes", [[Node.gpu("nvidia-l4")]])
def test_a_controller_that_never_works_is_named_with_the_reason(
  config, apply, cluster
):
  with pytest.raises(InfraError) as raised:
    apply(config, patience=NEVER)
  assert "Deployment lws-controller-manager in lws-system is not available" in (
    raised.value.message
  )
  assert "does not have minimum availability" in raised.value.message
  assert "keras-remote status" in str(raised.value.remedy)
  cluster.add_node(Node())
  assert brief(apply(config))[-1] == ("same", "lws")


@pytest.mark.parametrize(
  "path",
  [
    r".*/customresourcedefinitions/.*",
    r".*/deployments/.*",
    r".*/namespaces/research",
  ],
)
def test_what_was_interrupted_goes_on_where_it_ended(
  config, plan, apply, cluster, path
):
  refused = Fault(method="PATCH", path=path, status=403, body=b"not now")
  cluster.api.faults.inject(refused)
  with pytest.raises(InfraError, match="not now"):
    apply(config)
  apply(config)
  assert brief(plan(config)) == NONE


def test_an_answer_that_is_lost_does_no_harm(config, plan, apply, cluster):
  cluster.api.faults.inject(
    Fault(method="PATCH", path=r".*/deployments/.*", after=True, cut=-1),
    Fault(method="PATCH", path=r".*/clusterroles/.*", status=503),
  )
  assert brief(apply(config)) == ALL
  assert brief(plan(config)) == NONE


def test_who_may_not_install_is_told_which_role_it_takes(
  config, apply, cluster
):
  cluster.deny("patch", "customresourcedefinitions")
  with pytest.raises(InfraError, match="lws: the cluster refused") as raised:
    apply(config)
  assert "roles/container.admin" in str(raised.value.remedy)


def test_a_kind_that_the_cluster_does_not_know_is_named(config, apply, github):
  other = body("other.example.com/v1", "Gadget", "one")
  text = manifest(other)
  github.publish(LWS.repository, LWS.version, text)
  with pytest.raises(InfraError, match=r"no Gadget of other\.example\.com/v1"):
    apply(config)


def test_an_object_of_a_kind_that_the_manifest_defines_is_made(
  config, plan, apply, github, api
):
  text = manifest(*with_a_kind_of_its_own())
  github.publish(LWS.repository, LWS.version, text)
  apply(config)
  assert api.get("/apis/example.com/v1/widgets/one")["size"] == 3
  assert brief(plan(config)) == NONE


def test_an_object_in_no_namespace_is_in_the_default_one(api):
  served = kinds.Kinds(api)
  here = body("v1", "ServiceAccount", "trainer")
  assert served.path(here) == (
    "/api/v1/namespaces/default/serviceaccounts/trainer"
  )
  assert objects.standing(served, here) is Standing.ABSENT


def until_served(api, cluster, served=True):
  while api.exists(f"/apis/{LWS.group}") is not served:
    cluster.state.wait(cluster.state.version, 0.02)


def with_a_kind_of_its_own():
  schema = {"openAPIV3Schema": {"type": "object"}}
  version = {"name": "v1", "served": True, "storage": True, "schema": schema}
  definition = body(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    "widgets.example.com",
    spec={
      "group": "example.com",
      "names": {"kind": "Widget", "plural": "widgets"},
      "scope": "Cluster",
      "versions": [version],
    },
  )
  return [body("example.com/v1", "Widget", "one", size=3), definition]
