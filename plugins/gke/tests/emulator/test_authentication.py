from __future__ import annotations

import json
import urllib.request

import pytest
from kubernetes.client import ApiException, CoreV1Api

from keras_remote_gke.testing import Cluster, Node

CLUSTERS = "v1/projects/emulated-project/locations/us-central1-a/clusters"


@pytest.fixture
def guarded(tmp_path):
  nodes = [Node(), Node.gpu("nvidia-l4", 2), Node.gpu("nvidia-l4", 2)]
  nodes += [Node.tpu("tpu-v6e-slice", "4x4", 4, hosts=4)] * 4
  with Cluster(tmp_path, nodes) as made:
    yield made


def get(cluster, path, token=None):
  root = cluster.environ["CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER"]
  headers = {"Authorization": f"Bearer {token}"} if token else {}
  request = urllib.request.Request(root + path, headers=headers)
  try:
    with urllib.request.urlopen(request) as answer:
      return answer.status, json.load(answer)
  except urllib.error.HTTPError as error:
    with error:
      return error.code, json.load(error)


def token(cluster):
  return cluster.metadata.tokens.issue()["access_token"]


def test_only_good_tokens_are_taken(guarded, connected):
  core = CoreV1Api(connected(guarded, token(guarded)))
  assert len(core.list_node().items) == 7
  guarded.metadata.tokens.revoke()
  with pytest.raises(ApiException, match="401"):
    core.list_node()


def test_nobody_may_do_nothing(guarded, connected):
  with pytest.raises(ApiException, match="system:anonymous"):
    CoreV1Api(connected(guarded, None)).list_node()


def test_the_container_api_says_where_the_cluster_is(guarded):
  status, found = get(guarded, f"{CLUSTERS}/emulated", token(guarded))
  assert status == 200
  assert found["endpoint"] == f"127.0.0.1:{guarded.api.port}"
  assert found["masterAuth"]["clusterCaCertificate"]
  gpus, slices = found["nodePools"][1:]
  assert gpus["initialNodeCount"] == 2
  assert gpus["config"]["accelerators"] == [
    {"acceleratorType": "nvidia-l4", "acceleratorCount": "2"}
  ]
  assert slices["placementPolicy"]["tpuTopology"] == "4x4"


@pytest.mark.parametrize(
  ("path", "status", "reason"),
  [
    (f"{CLUSTERS}/none", 404, "NOT_FOUND"),
    (CLUSTERS.replace("emulated-project", "x"), 403, "PERMISSION_DENIED"),
  ],
)
def test_other_clusters_are_not_told_of(guarded, path, status, reason):
  code, told = get(guarded, path, token(guarded))
  assert (code, told["error"]["status"]) == (status, reason)


def test_the_container_api_asks_for_a_token(guarded):
  assert get(guarded, CLUSTERS)[0] == 401
