"""What Google adds to what it is asked for, as far as programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NUMBER = "123456789012"
"""Of every project."""


def outputs(type_: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
  """A resource's outputs once it is made."""
  project = inputs.get("project", "emulated-project")
  made: dict[str, Any] = {"name": name, **inputs}
  if type_ == "gcp:serviceaccount/account:Account":
    email = f"{inputs['accountId']}@{project}.iam.gserviceaccount.com"
    made |= {
      "email": email,
      "member": f"serviceAccount:{email}",
      "name": f"projects/{project}/serviceAccounts/{email}",
    }
  if type_ == "gcp:storage/bucket:Bucket":
    made |= {"url": f"gs://{made['name']}"}
  return made


def answer(token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
  """What a data source says."""
  project = arguments.get("projectId", "emulated-project")
  if token == "gcp:organizations/getProject:getProject":
    return {"number": NUMBER, "projectId": project, "id": f"projects/{project}"}
  if token == "gcp:container/getCluster:getCluster":
    pool = {"nodeConfigs": [{"serviceAccount": "default"}]}
    return {**arguments, "nodeConfigs": [], "nodePools": [pool]}
  return {}
