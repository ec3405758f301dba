"""What Google's refusals mean, and what helps; pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from keras_remote_gcp import failures as google

_Remedy = Callable[[str, str], str | None]

_API = re.compile(r"\b([a-z]+)\.googleapis\.com")
_PERMISSION = re.compile(
  r"""(?:Permission\ |Required\ ["'])["']?([a-z]+(?:\.\w+)+)""", re.VERBOSE
)
# https://cloud.google.com/iam/docs/roles-permissions
_ACT_AS = "iam.serviceAccountUser"
# By what permissions begin with; the first that fits counts.
_ROLES = {
  "iam.serviceAccounts.actAs": _ACT_AS,
  "compute.resourcePolicies": "compute.instanceAdmin.v1",
  "artifactregistry": "artifactregistry.admin",
  "compute": "compute.networkAdmin",
  "container": "container.admin",
  "iam": "iam.serviceAccountAdmin",
  "resourcemanager": "resourcemanager.projectIamAdmin",
  "serviceusage": "serviceusage.serviceUsageAdmin",
  "storage": "storage.admin",
}
_ELSEWHERE = (
  "try another --zone, or get the machines in another way: --spot,"
  " --reservation or --flex-start"
)
_AGAIN = "check the network, then go on: keras-remote up"


def remedy(told: str, project: str) -> str | None:
  """What helps against a refusal, if that is known.

  Args:
    told: Google's or Pulumi's own words.
  """
  for pattern, answer in _KNOWN:
    if re.search(pattern, told, re.IGNORECASE):
      return answer(told, project)
  return None


def missing_permission(told: str) -> str | None:
  """The permission that a refusal names."""
  found = _PERMISSION.search(told)
  return found[1] if found else None


def _enable(told: str, project: str) -> str | None:
  # The first is often the quota's project's own.
  found = _API.search(told)
  api = found[1] if found else "API"
  return f"gcloud services enable {api}.googleapis.com --project={project}"


def _grant(told: str, project: str) -> str | None:
  permission = missing_permission(told) or ""
  fitting = (of for start, of in _ROLES.items() if permission.startswith(start))
  role = next(fitting, None)
  if role is None:
    return f"have roles/owner of project {project} run this, or grant its roles"
  return _binding(project, role)


def _act_as(told: str, project: str) -> str | None:
  """Against GKE's own way to say so, which names a role."""
  del told
  return _binding(project, _ACT_AS)


def _binding(project: str, role: str) -> str:
  return (
    f"gcloud projects add-iam-policy-binding {project}"
    f" --member={google.member('')} --role=roles/{role}"
  )


def _more(told: str, project: str) -> str | None:
  del told
  return (
    "ask for more of it:"
    f" https://console.cloud.google.com/iam-admin/quotas?project={project}"
  )


def _always(text: str) -> _Remedy:
  return lambda told, project: text


_KNOWN: tuple[tuple[str, _Remedy], ...] = (
  ("quota project|services.use|billing", google.permission),
  ("has not been used in|it is disabled|SERVICE_DISABLED", _enable),
  ("quota", _more),
  (
    "POOL_EXHAUSTED|not have enough resources|stockout|out of capacity",
    _always(_ELSEWHERE),
  ),
  (
    "machine type .* does not exist|not (available|supported) in zone",
    _always("try another --zone or --machine-type"),
  ),
  (
    "default credentials|invalid_grant|invalid_rapt|UNAUTHENTICATED",
    _always(google.LOGIN),
  ),
  (
    "project .*(not found|deleted)|CONSUMER_INVALID",
    _always("gcloud projects list, and name one of them: --project"),
  ),
  ("access to service account", _act_as),
  ("permission|error 403|forbidden", _grant),
  (
    "error 409|already ?exists",
    _always(
      "it is there, and this stack did not make it: remove it, or join its"
      " cluster: keras-remote up --adopt"
    ),
  ),
  (
    "dial tcp|no such host|timeout|connection re|failed to download",
    _always(_AGAIN),
  ),
)
