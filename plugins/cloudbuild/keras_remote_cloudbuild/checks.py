"""The checks of ``keras-remote doctor`` for images."""

from __future__ import annotations

from keras_remote_cloudbuild import here
from keras_remote_core.model import CheckResult

_PUSH = "artifactregistry.repositories.uploadArtifacts"


def apis() -> CheckResult:
  """Whether the APIs are enabled, and answer the caller."""
  builder = here.builder()
  builder.builds.check()
  next(builder.registry.images(), None)
  return CheckResult(ok=True, message=builder.repository.parent)


def repository() -> CheckResult:
  """Whether there is anything to push to."""
  registry = here.builder().registry
  registry.check()
  return CheckResult(ok=True, message=registry.repository.path)


def push() -> CheckResult:
  """Whether the caller may push; who builds needs the same role."""
  registry = here.builder().registry
  place = registry.repository
  if registry.may(_PUSH):
    return CheckResult(ok=True, message=place.path)
  return CheckResult(
    ok=False,
    message=f"not allowed to push to {place.path}",
    remedy=f"gcloud artifacts repositories add-iam-policy-binding {place.name}"
    f" --location={place.region} --project={place.project}"
    " --role=roles/artifactregistry.writer"
    ' --member="user:$(gcloud config get account)"',
  )


def account() -> CheckResult:
  """Who builds."""
  return CheckResult(ok=True, message=here.builder().account())
