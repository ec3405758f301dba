"""The head and the workers of a job, the same in every layout; pure."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from keras_remote_core.model import Accelerator, Resources, Submission
from keras_remote_gke import names, pod
from keras_remote_pathways import processes
from keras_remote_pathways.settings import PathwaysSettings

_CPU = Accelerator(name="cpu", kind="cpu", family="cpu", chips=0)


def head(
  submission: Submission, settings: PathwaysSettings, address: str
) -> dict[str, Any]:
  """The template of the pod that runs the function.

  It is a pod of the gke backend on a machine without TPUs, which Pathways'
  own processes accompany.

  Args:
    address: of the head, as its own and the workers' pods know it.
  """
  template = pod.template(_without_tpus(submission), _of_head(settings))
  spec = template["spec"]
  (main,) = spec["containers"]
  variables = processes.of_function(address)
  own = [each for each in main["env"] if each["name"] not in variables]
  main["env"] = [*processes.env(variables), *own]
  main["volumeMounts"].append(processes.mount())
  spec["volumes"].append(processes.volume())
  # Sidecars: ready before the function starts, ended after it.
  spec["initContainers"] = [
    processes.manager(submission, settings, address),
    processes.proxy(submission, settings, address),
  ]
  return _marked(template, names.HEAD)


def worker(
  submission: Submission, settings: PathwaysSettings, address: str
) -> dict[str, Any]:
  """The template of the pods on the TPU machines."""
  template = pod.template(submission, settings)
  spec = template["spec"]
  spec["containers"] = [processes.worker(submission, settings, address)]
  del spec["volumes"]
  # Nobody but Google says what their image may be kept from.
  del spec["securityContext"]
  return _marked(template, names.WORKER)


def _marked(template: dict[str, Any], role: str) -> dict[str, Any]:
  template["metadata"]["labels"][names.ROLE] = role
  return template


def _without_tpus(submission: Submission) -> Submission:
  plan = evolve(submission.plan, resources=Resources(accelerator=_CPU))
  return evolve(submission, plan=plan)


def _of_head(settings: PathwaysSettings) -> PathwaysSettings:
  """What is asked of capacity concerns the TPUs alone."""
  return evolve(
    settings,
    node_pool=settings.head_pool,
    reservation=None,
    compute_class=None,
    flex_start=False,
  )
