"""What of this plugin is loaded before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
  "module",
  [
    "keras_remote_gcp.plugin",
    "keras_remote_gcp.credentials",
    "keras_remote_gcp.authenticator",
    "keras_remote_gcp.gcs_store",
    "keras_remote_gcp.checks",
  ],
)
def test_importing_a_module_loads_no_library_of_googles(module):
  script = f"import sys, {module}; print(*sys.modules)"
  done = subprocess.run(
    [sys.executable, "-c", script], capture_output=True, text=True, check=True
  )
  loaded = {name.partition(".")[0] for name in done.stdout.split()}
  assert loaded.isdisjoint({"google", "google_crc32c", "requests", "urllib3"})
