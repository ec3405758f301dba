"""Server-side apply: who owns which field, and what becomes of the others."""

from __future__ import annotations

import copy
import functools

import hypothesis
import pytest
from hypothesis import strategies as st

from keras_remote_gke import api
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.testing import Node
from keras_remote_gke.testing.control import managing
from keras_remote_gke.testing.control.statuses import Refused

MAP = "/api/v1/namespaces/default/configmaps/map"
DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/manager"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
NAMES = st.text("abc", min_size=1, max_size=2)
DATA = st.dictionaries(NAMES, st.text("xyz", max_size=2), max_size=4)


def config_map(**data):
  about = {"name": "map", "namespace": "default"}
  return {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": about,
    "data": data,
  }


def deployment(image="example.com/manager:1", **container):
  labels = {"app": "manager"}
  main = {"name": "main", "image": image, **container}
  return {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "manager"},
    "spec": {
      "selector": {"matchLabels": labels},
      "template": {
        "metadata": {"labels": labels},
        "spec": {"containers": [main]},
      },
    },
  }


def definition():
  return {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "things.example.com"},
    "spec": {
      "group": "example.com",
      "names": {"kind": "Thing", "plural": "things"},
      "scope": "Namespaced",
      "versions": [
        {
          "name": "v1",
          "served": True,
          "storage": True,
          "schema": {"openAPIV3Schema": {"type": "object"}},
        }
      ],
    },
  }


@pytest.fixture
def cluster_api(kube):
  return api.Api(kube.client)


@pytest.fixture
def apply(kube):
  """Applies as somebody, with whatever is answered."""

  def send(path, body, manager, **query):
    more = "".join(f"&{key}={value}" for key, value in query.items())
    headers = {"Content-Type": api.APPLY}
    return kube.call(
      "PATCH", f"{path}?fieldManager={manager}{more}", body, **headers
    )

  return send


@pytest.fixture
def told(kube, cluster_api):
  """The status of a condition, once there is one that is new enough."""

  def look(path, kind, version=0):
    while True:
      seen = kube.cluster.state.version
      found = cluster_api.get(path)
      conditions = found.get("status", {}).get("conditions", [])
      statuses = {each["type"]: each["status"] for each in conditions}
      new = int(found["metadata"]["resourceVersion"]) > version
      if kind in statuses and new:
        return statuses[kind]
      assert kube.cluster.state.wait(seen, 60), "nothing happens any more"

  return look


def test_an_object_that_is_not_there_is_created(kube, cluster_api):
  made = cluster_api.apply(MAP, config_map(a="1"))
  (entry,) = made["metadata"]["managedFields"]
  assert (entry["manager"], entry["operation"]) == ("keras-remote", "Apply")
  assert entry["fieldsV1"] == {"f:data": {"f:a": {}}}
  assert kube.call("GET", MAP)[1]["data"] == {"a": "1"}


def test_applying_again_changes_nothing(cluster_api):
  first = cluster_api.apply(MAP, config_map(a="1"))
  assert cluster_api.apply(MAP, config_map(a="1")) == first


def test_what_is_no_longer_applied_is_taken_away(cluster_api):
  cluster_api.apply(MAP, config_map(a="1", b="2"))
  assert cluster_api.apply(MAP, config_map(b="2"))["data"] == {"b": "2"}


def test_what_others_have_set_besides_stays(apply, cluster_api):
  cluster_api.apply(MAP, config_map(a="1"))
  apply(MAP, config_map(b="2"), "helm")
  assert cluster_api.apply(MAP, config_map(c="3"))["data"] == {
    "b": "2",
    "c": "3",
  }


def test_a_field_that_somebody_else_has_set_is_a_conflict(apply, cluster_api):
  apply(DEPLOYMENT, deployment("example.com/manager:2"), "kubectl")
  with pytest.raises(ClusterError) as raised:
    cluster_api.apply(DEPLOYMENT, deployment())
  assert (raised.value.status, raised.value.reason) == (409, "Conflict")
  assert (
    'conflict with "kubectl" using apps/v1:'
    ' .spec.template.spec.containers[name="main"].image'
  ) in raised.value.message


def test_force_takes_a_field_over(apply, cluster_api):
  apply(MAP, config_map(a="theirs"), "kubectl")
  cluster_api.apply(MAP, config_map(a="ours"), force=True)
  status, told = apply(MAP, config_map(a="theirs"), "kubectl")
  assert (status, told["reason"]) == (409, "Conflict")
  assert 'conflict with "keras-remote"' in told["message"]


def test_an_edited_field_belongs_to_whoever_edited_it(kube, cluster_api):
  cluster_api.apply(DEPLOYMENT, deployment())
  edit = {"spec": {"replicas": 3}, "metadata": {"labels": {"a": "b"}}}
  kind = {"Content-Type": api.MERGE}
  kube.call("PATCH", f"{DEPLOYMENT}?fieldManager=edit", edit, **kind)
  wanted = deployment()
  wanted["spec"]["replicas"] = 1
  with pytest.raises(ClusterError, match=r'"edit" using apps/v1: .spec.repl'):
    cluster_api.apply(DEPLOYMENT, wanted)


def test_of_what_was_never_applied_the_past_is_one_owner(kube, cluster_api):
  kube.call("POST", MAP.rpartition("/")[0], config_map(a="1"))
  with pytest.raises(ClusterError, match="before-first-apply"):
    cluster_api.apply(MAP, config_map(a="2"))


def test_an_item_of_a_list_goes_with_who_applied_it(apply, cluster_api):
  variable = {"name": "A", "value": "1"}
  cluster_api.apply(DEPLOYMENT, deployment(env=[variable]))
  other = {"name": "B", "value": "2"}
  apply(DEPLOYMENT, deployment(env=[other]), "helm")
  made = cluster_api.apply(DEPLOYMENT, deployment())
  (container,) = made["spec"]["template"]["spec"]["containers"]
  assert container["env"] == [other]


def test_a_dry_run_leaves_no_trace(kube, cluster_api):
  told = cluster_api.apply(MAP, config_map(a="1"), dry_run=True)
  assert told["data"] == {"a": "1"}
  assert kube.call("GET", MAP)[0] == 404
  before = cluster_api.apply(MAP, config_map(a="1"))
  cluster_api.apply(MAP, config_map(a="2"), dry_run=True)
  assert kube.call("GET", MAP)[1] == before


def test_nobody_applies_without_a_name(kube):
  status, told = kube.call(
    "PATCH", MAP, config_map(), **{"Content-Type": api.APPLY}
  )
  assert (status, told["reason"]) == (422, "Invalid")
  assert "fieldManager: Required value" in told["message"]


def test_a_services_ports_are_told_apart(cluster_api):
  ports = [{"name": n, "port": p} for n, p in (("web", 443), ("metrics", 8443))]
  body = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "svc"},
    "spec": {"ports": ports},
  }
  path = "/api/v1/namespaces/default/services/svc"
  cluster_api.apply(path, body)
  made = cluster_api.apply(path, body)
  assert [each["port"] for each in made["spec"]["ports"]] == [443, 8443]


def test_a_kind_is_served_as_long_as_its_definition_is_there(
  kube, cluster_api, told
):
  cluster_api.apply(f"{DEFINITIONS}/things.example.com", definition())
  assert told(f"{DEFINITIONS}/things.example.com", "Established") == "True"
  path = "/apis/example.com/v1/namespaces/default/things/one"
  thing = {"apiVersion": "example.com/v1", "kind": "Thing", "any": {"a": 1}}
  made = cluster_api.apply(path, {**thing, "metadata": {"name": "one"}})
  assert made["any"] == {"a": 1}
  cluster_api.delete(f"{DEFINITIONS}/things.example.com", {})
  while cluster_api.exists("/apis/example.com/v1"):
    kube.cluster.state.wait(kube.cluster.state.version, 0.02)
  assert not cluster_api.exists(path)


def test_a_role_may_be_named_as_those_of_kubernetes_are(cluster_api):
  path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:ours"
  body = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRole",
    "metadata": {"name": "system:ours"},
    "rules": [],
  }
  assert cluster_api.apply(path, body)["metadata"]["uid"]


@pytest.mark.parametrize("nodes", [[Node.gpu("nvidia-l4")]])
def test_a_deployment_is_available_once_a_node_would_take_it(
  kube, cluster_api, told
):
  cluster_api.apply(DEPLOYMENT, deployment())
  assert told(DEPLOYMENT, "Available") == "False"
  version = kube.cluster.state.version
  kube.cluster.add_node(Node())
  assert told(DEPLOYMENT, "Available", version + 2) == "True"


@hypothesis.given(DATA, DATA, DATA)
def test_two_who_apply_get_what_both_say(first, theirs, second):
  create = managing.made(config_map(**first), "us")
  step = functools.partial(managing.applied, force=True)
  both = step(copy.deepcopy(create), config_map(**theirs), "them")
  both = step(copy.deepcopy(both), config_map(**second), "us")
  assert both["data"] == {**theirs, **second}


@hypothesis.given(DATA, DATA)
def test_a_conflict_is_told_exactly_where_values_differ(ours, theirs):
  live = managing.made(config_map(**theirs), "them")
  differing = {k for k in ours if k in theirs and ours[k] != theirs[k]}
  try:
    managing.applied(live, config_map(**ours), "us", False)
    told = set()
  except Refused as refused:
    causes = refused.status["details"]["causes"]
    told = {each["field"].removeprefix(".data.") for each in causes}
  assert told == differing
