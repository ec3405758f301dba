"""How the head of a LeaderWorkerSet parks when the job has ended; pure.

Its main container runs ``parked.py``, which runs the runner and waits for the
set to be deleted: by a client that sees the head become ready, or in the end
by itself. For that, and in this container alone, it has a token of its service
account, which a Role of the job lets delete this one set.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from typing import Any

from keras_remote_core.model import Plan, Submission
from keras_remote_gke import container, manifest, names
from keras_remote_pathways.settings import PathwaysSettings

_FILE = "parked.py"
_PROGRAM = "/opt/keras-remote-pathways"
_ACCESS = "/var/run/keras-remote-pathways"
_ENDED = f"{container.SCRATCH}/ended"
_TOKEN_SECONDS = 3600


def park(
  spec: dict[str, Any], submission: Submission, settings: PathwaysSettings
) -> None:
  """Changes a head's pod so that it parks."""
  (main,) = spec["containers"]
  main["command"] = [
    "python3",
    f"{_PROGRAM}/{_FILE}",
    *_options(submission.plan, settings),
    "--",
    *main["command"],
  ]
  # Ready is who has ended: what a watch of the pods shows at once.
  main["readinessProbe"] = {
    "exec": {"command": ["test", "-f", _ENDED]},
    "periodSeconds": 1,
    "timeoutSeconds": 5,
  }
  _mount(spec, main, "parked", _PROGRAM, {"configMap": {"name": _name()}})
  if not settings.unattended:
    _mount(spec, main, "access", _ACCESS, _access())


def config_map(plan: Plan, *, abridged: bool = False) -> dict[str, Any]:
  """The ConfigMap of ``parked.py``, shared by every job of its digest.

  Args:
    abridged: puts the digest in place of the program, for people.
  """
  told = f"sha256:{_digest()}".encode()
  data = base64.b64encode(told if abridged else _program()).decode()
  return {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {
      **manifest.metadata(plan, _name()),
      "labels": dict([names.MANAGED]),
    },
    "immutable": True,
    "binaryData": {_FILE: data},
  }


def _options(plan: Plan, settings: PathwaysSettings) -> list[str]:
  namespace = manifest.metadata(plan, "")["namespace"]
  named = f"{namespace}/{names.object_name(plan.job_id)}"
  limit = manifest.deadline(plan).get("activeDeadlineSeconds")
  return [
    f"--ended={_ENDED}",
    f"--attempts={plan.attempts}",
    *([f"--limit={limit}"] if limit else []),
    *([] if settings.unattended else [f"--access={_ACCESS}"]),
    *([] if settings.unattended else [f"--set={named}"]),
    *([] if settings.unattended else [f"--grace={settings.grace:g}"]),
  ]


def _access() -> dict[str, Any]:
  """A token of the pod's service account, with the API server's authority."""
  token = {"path": "token", "expirationSeconds": _TOKEN_SECONDS}
  authority = {
    "name": "kube-root-ca.crt",
    "items": [{"key": "ca.crt", "path": "ca.crt"}],
  }
  sources = [{"serviceAccountToken": token}, {"configMap": authority}]
  return {"projected": {"sources": sources}}


def _mount(
  spec: dict[str, Any],
  main: dict[str, Any],
  name: str,
  path: str,
  source: dict[str, Any],
) -> None:
  spec["volumes"].append({"name": name, **source})
  main["volumeMounts"].append(
    {"name": name, "mountPath": path, "readOnly": True}
  )


@functools.cache
def _program() -> bytes:
  return (resources.files("keras_remote_pathways") / _FILE).read_bytes()


def _digest() -> str:
  return hashlib.sha256(_program()).hexdigest()


def _name() -> str:
  return f"keras-remote-pathways-{_digest()[:16]}"
