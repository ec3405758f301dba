"""The cluster as every supported version of the client sees it."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
import kubernetes
from kubernetes import client, watch

version, url, certificate, image = sys.argv[1:]
assert kubernetes.__version__.startswith(version), kubernetes.__version__
settings = client.Configuration()
settings.host, settings.ssl_ca_cert = url, certificate
api = client.ApiClient(settings)
core, batch = client.CoreV1Api(api), client.BatchV1Api(api)
container = {"name": "main", "image": image, "command": ["echo", "hello"]}
pod = {"restartPolicy": "Never", "containers": [container]}
body = {"metadata": {"name": "job"}, "spec": {"template": {"spec": pod}}}
made = batch.create_namespaced_job("default", body)
for event in watch.Watch().stream(
  batch.list_namespaced_job, "default", timeout_seconds=60
):
  types = [each.type for each in event["object"].status.conditions or []]
  if "Complete" in types:
    break
assert types == ["SuccessCriteriaMet", "Complete"], types
pod = core.list_namespaced_pod("default", label_selector="job-name=job").items[0]
assert pod.status.phase == "Succeeded"
log = core.read_namespaced_pod_log(
  pod.metadata.name, "default", _preload_content=False
)
assert log.data == b"hello\\n", log.data
reasons = {each.reason for each in core.list_namespaced_event("default").items}
assert {"Scheduled", "Started", "Completed"} <= reasons, reasons
try:
  batch.create_namespaced_job("default", body)
except client.ApiException as error:
  assert error.status == 409
assert core.list_node().items[0].status.allocatable["cpu"]
batch.delete_namespaced_job("job", "default", propagation_policy="Background")
"""


@pytest.mark.installs
@pytest.mark.parametrize("version", ["35", "36", "37"])
def test_every_supported_client_sees_the_same_cluster(
  cluster, tmp_path, tmp_path_factory, version
):
  library = tmp_path_factory.getbasetemp() / f"kubernetes-{version}"
  install = ["uv", "pip", "install", "--quiet", "--target", str(library)]
  subprocess.run([*install, f"kubernetes=={version}.*"], check=True)
  certificate = tmp_path / "ca.pem"
  certificate.write_bytes(cluster.certificate)
  image = "example.com/image:1"
  arguments = [version, cluster.api.url, str(certificate), image]
  subprocess.run(
    [sys.executable, "-c", SCRIPT, *arguments],
    env={"PYTHONPATH": str(library), "PATH": "/usr/bin:/bin"},
    check=True,
  )
