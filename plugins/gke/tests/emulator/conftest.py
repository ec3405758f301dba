"""A cluster, and the real client that talks to it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from kubernetes import client, watch

from keras_remote_gke.testing import Cluster, Node

IMAGE = "example.com/image:1"


@frozen
class Kube:
  """What a test does with a cluster, through the real client."""

  cluster: Cluster
  client: client.ApiClient
  beginning: str

  @property
  def core(self) -> client.CoreV1Api:
    return client.CoreV1Api(self.client)

  @property
  def batch(self) -> client.BatchV1Api:
    return client.BatchV1Api(self.client)

  @staticmethod
  def pod_spec(script: str, **more: Any) -> dict[str, Any]:
    container = {
      "name": "main",
      "image": IMAGE,
      "command": ["python3", "-uc", script],
      **more.pop("container", {}),
    }
    return {"restartPolicy": "Never", "containers": [container], **more}

  def body(self, script: str, name: str = "job", **spec: Any) -> dict[str, Any]:
    pod = self.pod_spec(script, **spec.pop("pod", {}))
    return {
      "apiVersion": "batch/v1",
      "kind": "Job",
      "metadata": {"name": name},
      "spec": {"backoffLimit": 0, "template": {"spec": pod}, **spec},
    }

  @staticmethod
  def types(item: dict[str, Any]) -> list[str]:
    """The types of an object's conditions, in their order."""
    return [each["type"] for each in item["status"].get("conditions", [])]

  @staticmethod
  def phase(pod: dict[str, Any]) -> str:
    return pod["status"]["phase"]

  @staticmethod
  def state(pod: dict[str, Any]) -> dict[str, Any]:
    """The state of a pod's first container."""
    found = pod["status"].get("containerStatuses") or [{"state": {}}]
    return found[0]["state"]

  def call(self, method: str, path: str, body: Any = None, **headers: str):
    """One request, with whatever it is answered: status and JSON."""
    data = None if body is None else json.dumps(body)
    named = {"Content-Type": "application/json", **headers}
    pool = self.client.rest_client.pool_manager
    url = self.cluster.api.url + path
    answer = pool.request(method, url, body=data, headers=named, retries=False)
    return answer.status, json.loads(answer.data)

  def job(self, script: str, name: str = "job", **spec: Any) -> dict[str, Any]:
    path = "/apis/batch/v1/namespaces/default/jobs"
    status, made = self.call("POST", path, self.body(script, name, **spec))
    assert status == 201, made
    return made

  def pod(self, script: str, name: str = "pod", **spec: Any) -> dict[str, Any]:
    body = {"metadata": {"name": name}, "spec": self.pod_spec(script, **spec)}
    status, made = self.call("POST", "/api/v1/namespaces/default/pods", body)
    assert status == 201, made
    return made

  def until(
    self,
    plural: str,
    met: Callable[[dict[str, Any]], Any],
    name: str = "",
    **options: Any,
  ) -> dict[str, Any]:
    """The first object of a kind that something holds of."""
    listing = {
      "events": self.core.list_namespaced_event,
      "jobs": self.batch.list_namespaced_job,
      "pods": self.core.list_namespaced_pod,
    }[plural]
    chosen = {"field_selector": f"metadata.name={name}"} if name else {}
    for event in watch.Watch().stream(
      listing, "default", timeout_seconds=60, **chosen, **options
    ):
      if event["type"] != "DELETED" and met(event["raw_object"]):
        return event["raw_object"]
    raise AssertionError(f"{plural} never got there")

  def ever(
    self, plural: str, met: Callable[[dict[str, Any]], Any], name: str
  ) -> dict[str, Any]:
    """As ``until``, of objects too that are gone by now."""
    return self.until(plural, met, name, resource_version=self.beginning)

  def ended(self, name: str = "job") -> dict[str, Any]:
    final = {"Complete", "Failed"}
    return self.ever("jobs", lambda it: final & set(self.types(it)), name)

  def running(self, name: str = "") -> dict[str, Any]:
    """A pod that has said something, so that it is well under way."""
    found = self.until("pods", lambda it: self.phase(it) == "Running", name)
    logs = self.core.read_namespaced_pod_log(
      found["metadata"]["name"], "default", follow=True, _preload_content=False
    )
    assert next(iter(logs.stream(1))), "the pod ended silently"
    logs.close()
    return found

  def finished(self, name: str = "") -> dict[str, Any]:
    met = ("Succeeded", "Failed")
    return self.ever("pods", lambda it: self.phase(it) in met, name)

  def gone(self, plural: str, name: str) -> None:
    """Waits until an object is there no more."""
    state = self.cluster.state
    while True:
      version = state.version
      found = self.cluster.objects(plural)
      if name not in [each["metadata"]["name"] for each in found]:
        return
      state.wait(version, 10)

  def logs(self, name: str, **options: Any) -> str:
    return self.core.read_namespaced_pod_log(
      name, "default", _preload_content=False, **options
    ).data.decode()

  def said(self, name: str) -> list[str]:
    """The reasons of what was said about an object, in their order."""
    return [
      each["reason"]
      for each in sorted(
        self.cluster.objects("events"),
        key=lambda it: int(it["metadata"]["resourceVersion"]),
      )
      if each["involvedObject"]["name"] == name
    ]


def _settings(
  cluster: Cluster, folder: Path, token: str | None
) -> client.Configuration:
  settings = type.__call__(client.Configuration)
  settings.host = cluster.api.url
  certificate = folder / "ca.pem"
  certificate.write_bytes(cluster.certificate)
  settings.ssl_ca_cert = str(certificate)
  if token:
    settings.api_key["authorization"] = token
    settings.api_key_prefix["authorization"] = "Bearer"
  return settings


@pytest.fixture
def nodes() -> list[Node]:
  return [Node()]


@pytest.fixture(scope="session")
def image_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
  return tmp_path_factory.mktemp("images")


@pytest.fixture
def cluster(
  tmp_path: Path, nodes: list[Node], image_folder: Path
) -> Iterator[Cluster]:
  with Cluster(
    tmp_path / "cluster",
    nodes,
    {IMAGE: sys.executable},
    image_folder=image_folder,
    scale=0.01,
    authenticated=False,
  ) as made:
    yield made


@pytest.fixture
def connected(
  tmp_path: Path,
) -> Iterator[Callable[[Cluster, str | None], client.ApiClient]]:
  """Makes real clients of a cluster, with a token or without one."""
  made: list[client.ApiClient] = []

  def connect(cluster: Cluster, token: str | None) -> client.ApiClient:
    made.append(client.ApiClient(_settings(cluster, tmp_path, token)))
    return made[-1]

  yield connect
  for each in made:
    each.rest_client.pool_manager.clear()


@pytest.fixture
def kube(cluster: Cluster, connected: Any) -> Kube:
  version = cluster.objects("nodes")[0]["metadata"]["resourceVersion"]
  return Kube(cluster, connected(cluster, None), version)
