from __future__ import annotations

import itertools

import pytest
from kubernetes import watch
from kubernetes.client import ApiException

from keras_remote_gcp.testing.server import Fault

MAPS = "/api/v1/namespaces/default/configmaps"


def config_map(name, **labels):
  return {"metadata": {"name": name, "labels": labels}}


def events(kube, count, **options):
  stream = watch.Watch().stream(
    kube.core.list_namespaced_config_map, "default", **options
  )
  return [
    (each["type"], each["raw_object"]["metadata"]["name"])
    for each in itertools.islice(stream, count)
  ]


def test_a_watch_begins_with_what_is_there(kube):
  kube.call("POST", MAPS, config_map("a"))
  assert events(kube, 2) == [("ADDED", "a"), ("ADDED", "kube-root-ca.crt")]


def test_a_watch_goes_on_from_a_version(kube):
  version = kube.call("GET", MAPS)[1]["metadata"]["resourceVersion"]
  kube.call("POST", MAPS, config_map("a"))
  kube.call("DELETE", f"{MAPS}/a")
  assert events(kube, 2, resource_version=version) == [
    ("ADDED", "a"),
    ("DELETED", "a"),
  ]


def test_objects_come_into_a_selector_and_leave_it(kube):
  version = kube.call("GET", MAPS)[1]["metadata"]["resourceVersion"]
  kube.call("POST", MAPS, config_map("a", on="no"))
  for value in ("yes", "no"):
    patch = {"metadata": {"labels": {"on": value}}}
    kube.core.patch_namespaced_config_map("a", "default", patch)
  found = events(kube, 2, resource_version=version, label_selector="on=yes")
  assert found == [("ADDED", "a"), ("DELETED", "a")]


def test_a_version_that_is_forgotten_is_an_error_inside_the_stream(kube):
  version = kube.call("GET", MAPS)[1]["metadata"]["resourceVersion"]
  kube.call("POST", MAPS, config_map("a"))
  kube.cluster.compact()
  with pytest.raises(ApiException, match="Expired: too old resource version"):
    events(kube, 1, resource_version=version, timeout_seconds=30)


def test_a_watch_ends_in_time_with_a_bookmark(kube):
  version = kube.call("GET", MAPS)[1]["metadata"]["resourceVersion"]
  stream = kube.core.list_namespaced_config_map(
    "default",
    watch=True,
    resource_version=version,
    timeout_seconds=1,
    allow_watch_bookmarks=True,
    _preload_content=False,
  )
  last = stream.data.decode().splitlines()[-1]
  assert '"type":"BOOKMARK"' in last


def test_an_api_server_that_went_away_comes_back_with_all_it_knew(kube):
  version = kube.call("GET", MAPS)[1]["metadata"]["resourceVersion"]
  with kube.cluster.api.down():
    kube.cluster.state.wait(kube.cluster.state.version, 0.1)
  kube.call("POST", MAPS, config_map("a"))
  assert events(kube, 1, resource_version=version) == [("ADDED", "a")]


def test_faults_happen_on_demand(kube):
  kube.cluster.api.faults.inject(
    Fault(method="POST", path=MAPS, status=503, after=True),
    Fault(method="GET", status=429, headers={"Retry-After": "1"}),
  )
  pool, url = kube.client.rest_client.pool_manager, kube.cluster.api.url
  body = b'{"metadata": {"name": "a"}}'
  made = pool.request("POST", url + MAPS, body=body, retries=False)
  assert made.status == 503
  slow = pool.request("GET", url + MAPS, retries=False)
  assert (slow.status, slow.headers["Retry-After"]) == (429, "1")
  assert kube.call("GET", f"{MAPS}/a")[0] == 200
