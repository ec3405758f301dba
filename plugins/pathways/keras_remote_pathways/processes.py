"""The processes of Pathways, as containers; pure.

Images, arguments and variables: Google's guides to Pathways on GKE, and the
public code of xpk and AXLearn that starts it. On a job's head are the resource
manager and the proxy that the function's JAX talks to; on each TPU machine is
a worker.
"""

from __future__ import annotations

from typing import Any

from keras_remote_core.model import Submission
from keras_remote_gke import container, machines
from keras_remote_pathways import generations, versions
from keras_remote_pathways.settings import PathwaysSettings

_IMAGES = "us-docker.pkg.dev/cloud-tpu-v2-images/pathways"
_PROXY_PORT, _MANAGER_PORT, _WORKER_PORT = 29000, 29001, 29005
# The worker's own port and its neighbour; libtpu's; health.
_WORKER_PORTS = (_WORKER_PORT, 29006, 8471, 8080)
_SHARED = "/tmp/ifrt_proxy"
_SHARED_VOLUME = "ifrt-proxy"

MANAGER, PROXY = "pathways-rm", "pathways-proxy"


def volume() -> dict[str, Any]:
  """Memory by which function and proxy hand arrays to each other."""
  return {"name": _SHARED_VOLUME, "emptyDir": {"medium": "Memory"}}


def mount() -> dict[str, Any]:
  return {"name": _SHARED_VOLUME, "mountPath": _SHARED}


def manager(
  submission: Submission, settings: PathwaysSettings, head: str
) -> dict[str, Any]:
  """The resource manager, which knows every worker.

  Args:
    head: the head's address, which may refer to a variable of its pod.
  """
  accelerator = submission.plan.resources.accelerator
  return {
    "name": MANAGER,
    "image": _image("server", submission, settings),
    "restartPolicy": "Always",
    "args": [
      f"--server_port={_MANAGER_PORT}",
      "--node_type=resource_manager",
      f"--instance_count={settings.slices}",
      f"--instance_type={generations.instance_type(accelerator)}",
      _scratch(submission),
    ],
    "env": env({"HOST_ADDRESS": head, "TPU_SKIP_MDS_QUERY": "true"}),
    "ports": _ports(_MANAGER_PORT),
    "resources": {"requests": {"cpu": "2", "memory": "8Gi"}},
    "terminationMessagePolicy": "FallbackToLogsOnError",
  }


def proxy(
  submission: Submission, settings: PathwaysSettings, head: str
) -> dict[str, Any]:
  """What the function's JAX takes for its devices."""
  asked = {"cpu": settings.proxy_cpu, "memory": settings.proxy_memory}
  return {
    "name": PROXY,
    "image": _image("proxy_server", submission, settings),
    "restartPolicy": "Always",
    "args": [
      f"--server_port={_PROXY_PORT}",
      f"--resource_manager_address={head}:{_MANAGER_PORT}",
      _scratch(submission),
    ],
    "env": env({"IFRT_PROXY_USE_INSECURE_GRPC_CREDENTIALS": "true"}),
    "ports": _ports(_PROXY_PORT),
    "resources": {"requests": asked},
    "terminationMessagePolicy": "FallbackToLogsOnError",
    "volumeMounts": [mount()],
  }


def worker(
  submission: Submission, settings: PathwaysSettings, head: str
) -> dict[str, Any]:
  """What drives the chips of one machine.

  Which of its slice's machines it is on says whoever makes its pod; to set
  ``TPU_WORKER_ID`` or ``TPU_WORKER_HOSTNAMES`` here would keep them from it.
  """
  name, count = _chips(submission)
  variables = {
    "XCLOUD_ENVIRONMENT": "GCP",
    "TPU_MIN_LOG_LEVEL": "0",
    "TF_CPP_MIN_LOG_LEVEL": "0",
  }
  return {
    "name": container.NAME,
    "image": _image("server", submission, settings),
    "args": [
      f"--server_port={_WORKER_PORT}",
      f"--resource_manager_address={head}:{_MANAGER_PORT}",
      _scratch(submission),
    ],
    "env": env(variables),
    "ports": _ports(*_WORKER_PORTS),
    "resources": {"requests": {name: count}, "limits": {name: count}},
    "terminationMessagePolicy": "FallbackToLogsOnError",
  }


def of_function(head: str) -> dict[str, str]:
  """The variables by which the function's JAX finds the proxy."""
  return {
    "XCLOUD_ENVIRONMENT": "GCP",
    "JAX_PLATFORMS": "proxy",
    "JAX_BACKEND_TARGET": f"grpc://{head}:{_PROXY_PORT}",
    # The counterpart of the proxy's own variable.
    "TEST_UNDECLARED_OUTPUTS_DIR": "true",
    "IFRT_PROXY_LARGE_TRANSFER_THRESHOLD": "1",
    "IFRT_PROXY_LARGE_TRANSFER_OPTIMIZATION_DIRECTORY": _SHARED,
  }


def env(variables: dict[str, str]) -> list[dict[str, str]]:
  return [{"name": name, "value": text} for name, text in variables.items()]


def _image(
  name: str, submission: Submission, settings: PathwaysSettings
) -> str:
  tag = settings.image_tag or versions.tag(submission.requirements)
  return f"{_IMAGES}/{name}:{tag}"


def _scratch(submission: Submission) -> str:
  """Where Pathways' processes share files; it goes when the job is deleted."""
  plan = submission.plan
  return f"--gcs_scratch_location={plan.store.url}/jobs/{plan.job_id}/pathways"


def _chips(submission: Submission) -> tuple[str, str]:
  found = machines.resource(submission.plan.resources.accelerator)
  assert found is not None
  return found[0], str(found[1])


def _ports(*numbers: int) -> list[dict[str, int]]:
  return [{"containerPort": number} for number in numbers]
