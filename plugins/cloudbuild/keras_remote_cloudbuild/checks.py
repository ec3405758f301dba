"""The checks of ``keras-remote doctor`` for images."""

from __future__ import annotations

from collections.abc import Callable

from keras_remote_cloudbuild import here
from keras_remote_cloudbuild.builder import CloudBuild
from keras_remote_core.model import CheckResult

_PUSH = "artifactregistry.repositories.uploadArtifacts"
_NOWHERE = CheckResult(
  ok=True,
  message="not looked at: no project is set",
  remedy="export KERAS_REMOTE_PROJECT=your-project",
)


def apis() -> CheckResult:
  """Whether the APIs are enabled, and answer the caller."""
  return _looked(_apis)


def repository() -> CheckResult:
  """Whether there is anything to push to."""
  return _looked(_repository)


def push() -> CheckResult:
  """Whether the caller may push; who builds needs the same role."""
  return _looked(_push)


def account() -> CheckResult:
  """Who builds."""
  return _looked(_account)


def _looked(look: Callable[[CloudBuild], CheckResult]) -> CheckResult:
  return _NOWHERE if here.project() is None else look(here.builder())


def _apis(builder: CloudBuild) -> CheckResult:
  builder.builds.check()
  next(builder.registry.images(), None)
  return CheckResult(ok=True, message=builder.repository.parent)


def _repository(builder: CloudBuild) -> CheckResult:
  builder.registry.check()
  return CheckResult(ok=True, message=builder.repository.path)


def _push(builder: CloudBuild) -> CheckResult:
  place = builder.repository
  if builder.registry.may(_PUSH):
    return CheckResult(ok=True, message=place.path)
  return CheckResult(
    ok=False,
    message=f"not allowed to push to {place.path}",
    remedy=f"gcloud artifacts repositories add-iam-policy-binding {place.name}"
    f" --location={place.region} --project={place.project}"
    " --role=roles/artifactregistry.writer"
    ' --member="user:$(gcloud config get account)"',
  )


def _account(builder: CloudBuild) -> CheckResult:
  return CheckResult(ok=True, message=builder.account())
