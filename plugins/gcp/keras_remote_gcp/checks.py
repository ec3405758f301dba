"""What ``keras-remote doctor`` looks at on Google Cloud."""

from __future__ import annotations

import secrets

from attrs import evolve

from keras_remote_core import choosing, opening
from keras_remote_core.errors import MissingCredentials, StoreError
from keras_remote_core.model import CheckResult
from keras_remote_core.settings import CoreSettings
from keras_remote_gcp import (
  authenticator,
  failures,
  plugin,
  repairing,
  services,
)
from keras_remote_gcp.credentials import GoogleCredentials
from keras_remote_gcp.gcs_store import GcsStore

# Cloud Storage's is enabled in every new project.
_NEEDED = ("container.googleapis.com", "storage.googleapis.com")
_NOWHERE = CheckResult(
  ok=True,
  message="not looked at: no project is set",
  remedy=failures.no_project().remedy,
)


def credentials() -> CheckResult:
  """Whether there are credentials that Google takes."""
  core = _core()
  if core.project is None:
    return _NOWHERE
  try:
    found = _credentials(core)
  except MissingCredentials as error:
    return _failed(error)
  return CheckResult(ok=True, message=found.principal)


def project() -> CheckResult:
  """Whether the project is there, and of use to the account."""
  core = _core()
  if core.project is None:
    return _NOWHERE
  try:
    services.disabled(_credentials(core), _NEEDED[:1])
  except services.NotAllowed:
    told = f"{core.project}, of which this account may see little"
    return CheckResult(ok=True, message=told)
  return CheckResult(ok=True, message=core.project)


def apis() -> CheckResult:
  """Whether the APIs that jobs need are enabled."""
  core = _core()
  if core.project is None:
    return _NOWHERE
  try:
    missing = services.disabled(_credentials(core), _NEEDED)
  except services.NotAllowed as error:
    return CheckResult(ok=True, message=f"not looked at: {error.message}")
  if not missing:
    return CheckResult(ok=True, message=", ".join(_NEEDED))
  named = " ".join(missing)
  return CheckResult(
    ok=False,
    message=f"not enabled in {core.project}: {named}",
    remedy=f"gcloud services enable {named} --project={core.project}",
  )


def bucket() -> CheckResult:
  """Whether an object can be written, listed, read and deleted."""
  core = _core()
  url = core.store or plugin.default_url(core)
  if url is None:
    return _NOWHERE
  if not url.startswith("gs://"):
    return CheckResult(ok=True, message=f"not looked at: the store is {url}")
  context = opening.context(url, core)
  context = evolve(context, credentials=_credentials(core))
  _try(GcsStore(None, context))
  return CheckResult(ok=True, message=url)


def _try(store: GcsStore) -> None:
  key, data = f"probes/{secrets.token_hex(8)}", secrets.token_bytes(64)
  try:
    store.write(key, data, only_if_absent=True)
    found = [(entry.key, store.read(entry.key)) for entry in store.list(key)]
  finally:
    store.delete(key)
  if found != [(key, data)]:
    raise StoreError(f"{store.url(key)} reads otherwise than it was written")


def _core() -> CoreSettings:
  return opening.here().asked.core.value


def _credentials(core: CoreSettings) -> GoogleCredentials:
  here = opening.here()
  provider = here.registry.provider("authenticator", "google")
  settings = choosing.settings_of(provider, here.asked)
  return authenticator.credentials(settings, core.project)


def _failed(error: MissingCredentials) -> CheckResult:
  """A failure that ``--fix`` repairs where a login does."""
  command = repairing.login_of(error)
  return CheckResult(
    ok=False,
    message=error.message,
    remedy=error.remedy,
    fix=None if command is None else lambda: repairing.login(command),
  )
