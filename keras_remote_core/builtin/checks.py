"""The core's own checks for ``keras-remote doctor``."""

from __future__ import annotations

import importlib.util
import os
import platform
import secrets
import shutil
import sys
from pathlib import Path

from keras_remote_core import (
  options,
  places,
  planning,
  registry,
  reporting,
)
from keras_remote_core.builtin.file_store import FileStore
from keras_remote_core.errors import StoreError
from keras_remote_core.model import CheckResult
from keras_remote_core.providers import StoreProvider
from keras_remote_core.roles import Context
from keras_remote_core.settings import CoreSettings


def python() -> CheckResult:
  """Whether local jobs can run here, and with what."""
  told = f"Python {platform.python_version()} at {sys.executable}"
  if os.name != "posix":
    return CheckResult(
      ok=False,
      message=f"{told}: local jobs need Linux or macOS",
      remedy="name a cloud backend: KERAS_REMOTE_BACKEND=gke",
    )
  return CheckResult(ok=True, message=f"{told}{_without_uv()}")


def folders() -> CheckResult:
  """Whether the client's folders can be written, or made when needed."""
  wanted = (
    places.config_dir(),
    places.data_dir(),
    places.state_dir(),
    places.cache_dir(),
  )
  bad = [str(folder) for folder in wanted if not _writable(folder)]
  if bad:
    return CheckResult(
      ok=False,
      message=f"cannot write in {', '.join(bad)}",
      remedy="name a folder you can write in KERAS_REMOTE_HOME",
    )
  shown = ", ".join(dict.fromkeys(map(str, wanted)))
  return CheckResult(ok=True, message=shown)


def settings() -> CheckResult:
  """Whether every setting has a value that can be used."""
  known = registry.installed()
  core = options.gather({}, known).core
  planning.parse_accelerator(core.value.accelerator, known)
  if core.value.backend:
    known.provider("backend", core.value.backend)
  if core.value.store:
    known.provider("store", core.value.store.partition("://")[0])
  changed = sorted(
    {each for each in core.origins.values() if each != "default"}
  )
  return CheckResult(ok=True, message=", ".join(changed) or "all defaults")


def plugins() -> CheckResult:
  """Whether every installed plugin can be used."""
  found = registry.installed().plugins
  broken = [each for each in found if each.error is not None]
  if not broken:
    names = ", ".join(each.name for each in found)
    return CheckResult(ok=True, message=names)
  told = "; ".join(f"{each.name}: {each.error}" for each in broken)
  names = ",".join(each.name for each in broken)
  return CheckResult(
    ok=False,
    message=told,
    remedy=f"do that, or leave them out: export {registry.DISABLED}={names}",
  )


def store() -> CheckResult:
  """Whether an object can be written to the local store, read and deleted."""
  provider = registry.installed().provider("store", "file")
  assert isinstance(provider, StoreProvider)
  url = provider.default_url(CoreSettings())
  assert url is not None
  context = Context(store_url=url, workdir=Path(), report=reporting.Silent())
  opened = FileStore(None, context)
  key, data = f"probes/{secrets.token_hex(8)}", secrets.token_bytes(64)
  try:
    opened.write(key, data, only_if_absent=True)
    same = opened.read(key) == data
  finally:
    opened.delete(key)
  if not same:
    raise StoreError(f"the store {url} returns other bytes than were written")
  return CheckResult(ok=True, message=url)


def _without_uv() -> str:
  """What is missing for ``isolated=True``; the runner can install it."""
  if shutil.which("uv") or importlib.util.find_spec("uv"):
    return ""
  return "; without uv, jobs that install requirements first install it by pip"


def _writable(folder: Path) -> bool:
  """Whether files can be made in a folder, or the folder itself."""
  nearest = next(each for each in (folder, *folder.parents) if each.exists())
  return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
