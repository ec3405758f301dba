from __future__ import annotations

import pytest

PREFIX = "leaderworkerset.sigs.k8s.io/"
SUBGROUP_EXCLUSIVE = f"{PREFIX}subgroup-exclusive-topology"
POOL = "cloud.google.com/gke-nodepool"


@pytest.fixture
def body(pod):
  """A set whose leader is on no TPU, with four workers that are."""

  def made(leader=None, **template):
    return {
      "metadata": {
        "name": "set",
        "annotations": {SUBGROUP_EXCLUSIVE: POOL},
      },
      "spec": {
        "leaderWorkerTemplate": {
          "size": 5,
          "restartPolicy": "None",
          "subGroupPolicy": {
            "subGroupPolicyType": "LeaderExcluded",
            "subGroupSize": 4,
          },
          "leaderTemplate": leader or pod(),
          "workerTemplate": pod(tpus=4),
          **template,
        }
      },
    }

  return made


def available(item):
  return [
    each["status"]
    for each in item.get("status", {}).get("conditions", [])
    if each["type"] == "Available"
  ] == ["True"]


def restarts(pod):
  found = pod["status"].get("containerStatuses") or []
  return sum(each["restartCount"] for each in found)


def env(pod):
  return {
    e["name"]: e.get("value") for e in pod["spec"]["containers"][0]["env"]
  }


def test_a_set_is_completed_by_its_definition_and_its_webhook(groups, body):
  spec = groups.make("leaderworkersets", body())["spec"]
  assert spec["replicas"] == 1
  assert spec["startupPolicy"] == "LeaderCreated"
  assert spec["networkConfig"] == {"subdomainPolicy": "Shared"}
  assert spec["rolloutStrategy"]["rollingUpdateConfiguration"] == {
    "maxUnavailable": 1,
    "maxSurge": 0,
    "partition": 0,
  }


def test_a_field_the_definition_lacks_is_refused_where_that_is_asked(
  groups, body
):
  wrong = body(unheardOf=1)
  status, told = groups.send(
    "leaderworkersets", wrong, "?fieldValidation=Strict&dryRun=All"
  )
  assert (status, told["reason"]) == (400, "BadRequest")
  assert told["message"].endswith(
    'strict decoding error: unknown field "spec.leaderWorkerTemplate.unheardOf"'
  )
  made = groups.make("leaderworkersets", wrong)
  assert "unheardOf" not in made["spec"]["leaderWorkerTemplate"]


def test_a_value_of_a_wrong_type_is_invalid(groups, body):
  status, told = groups.send("leaderworkersets", body(size="five"))
  assert (status, told["reason"]) == (422, "Invalid")
  assert (
    'spec.leaderWorkerTemplate.size: Invalid value: "five"' in told["message"]
  )


def test_a_webhook_refuses_what_a_definition_cannot(groups, body):
  status, told = groups.send("leaderworkersets", body(size=6))
  assert (status, told["reason"]) == (403, "Forbidden")
  assert told["message"].startswith(
    'admission webhook "vleaderworkerset.kb.io" denied the request: '
  )


@pytest.mark.parametrize("lws", ["0.5.1"])
def test_an_old_release_does_not_know_of_leaders_on_their_own(groups, body):
  status, told = groups.send(
    "leaderworkersets", body(), "?fieldValidation=Strict"
  )
  assert status == 400
  assert 'subGroupPolicy.subGroupPolicyType"' in told["message"]


@pytest.mark.parametrize("lws", [None])
def test_a_cluster_without_it_serves_no_such_group(groups, body):
  path = "/apis/leaderworkerset.x-k8s.io/v1"
  pool = groups.kube.client.rest_client.pool_manager
  answer = pool.request("GET", groups.cluster.api.url + path)
  assert answer.status == 404


def test_the_pods_of_a_group_know_of_each_other(groups, body):
  groups.make("leaderworkersets", body())
  groups.until("leaderworkersets", "set", available)
  leader, *workers = groups.cluster.objects("pods")
  assert [each["metadata"]["name"] for each in workers] == [
    f"set-0-{index}" for index in range(1, 5)
  ]
  assert list(env(leader).items())[:3] == [
    ("LWS_LEADER_ADDRESS", "set-0.set.default"),
    ("LWS_GROUP_SIZE", "5"),
    ("LWS_WORKER_INDEX", "0"),
  ]
  assert "TPU_WORKER_ID" not in env(leader)
  hosts = "set-0-1.set,set-0-2.set,set-0-3.set,set-0-4.set"
  assert [env(each)["TPU_WORKER_ID"] for each in workers] == list("0123")
  assert {env(each)["TPU_WORKER_HOSTNAMES"] for each in workers} == {hosts}
  labels = workers[3]["metadata"]["labels"]
  assert labels[f"{PREFIX}worker-index"] == "4"
  assert labels[f"{PREFIX}subgroup-index"] == "0"
  assert groups.cluster.object("services", "set")["spec"]["clusterIP"] == "None"


def test_a_container_that_knows_its_own_number_is_left_alone(groups, body, pod):
  own = pod(tpus=4, env=[{"name": "TPU_WORKER_ID", "value": "7"}])
  groups.make("leaderworkersets", body(workerTemplate=own))
  worker = groups.running("set-0-1")
  assert "TPU_WORKER_HOSTNAMES" not in env(worker)


def test_each_slice_has_a_node_pool_to_itself(groups, body, nodes):
  groups.make(
    "leaderworkersets",
    body(
      size=5,
      subGroupPolicy={
        "subGroupPolicyType": "LeaderExcluded",
        "subGroupSize": 2,
      },
    ),
  )
  groups.running("set-0-1")
  groups.running("set-0-2")
  stuck = groups.until(
    "pods",
    "set-0-3",
    lambda it: "Unschedulable" in str(it["status"].get("conditions")),
  )
  message = stuck["status"]["conditions"][0]["message"]
  assert "node(s) didn't match pod anti-affinity rules" in message


def test_a_group_that_ended_stays_until_it_is_deleted(groups, body, pod):
  groups.make("leaderworkersets", body(leader=pod(script="print('over')")))
  leader = groups.until(
    "pods",
    "set-0",
    lambda it: restarts(it) > 0,
  )
  assert leader["status"]["phase"] == "Running"
  path = "/apis/leaderworkerset.x-k8s.io/v1/namespaces/default"
  groups.kube.call("DELETE", f"{path}/leaderworkersets/set")
  groups.until_gone("leaderworkersets", "statefulsets", "services", "pods")


def test_one_restart_has_a_group_made_again_by_default(groups, body, pod):
  first = groups.make(
    "leaderworkersets", body(restartPolicy="RecreateGroupOnPodRestart")
  )
  assert first
  leader = groups.running("set-0")["metadata"]["uid"]
  worker = groups.running("set-0-2")
  groups.cluster.disruptions.kill(worker)
  groups.until("pods", "set-0", lambda it: it["metadata"]["uid"] != leader)


def test_without_such_a_policy_a_container_restarts_where_it_is(groups, body):
  groups.make("leaderworkersets", body())
  worker = groups.running("set-0-2")
  groups.cluster.disruptions.kill(worker)
  again = groups.until(
    "pods",
    "set-0-2",
    lambda it: restarts(it) == 1,
  )
  assert again["metadata"]["uid"] == worker["metadata"]["uid"]


def test_a_worker_that_is_deleted_comes_back_under_its_name(groups, body):
  groups.make("leaderworkersets", body())
  worker = groups.running("set-0-2")
  groups.cluster.disruptions.evict(worker)
  groups.until(
    "pods",
    "set-0-2",
    lambda it: it["metadata"]["uid"] != worker["metadata"]["uid"],
  )
