"""Jobs run alike with every supported version of the Kubernetes client."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TRIED = (
  "value_comes_back or exception_is_raised or second_machine or are_listed"
  " or is_killed_leaves or middle_of_a_line or answer_was_lost or forgotten"
)


@pytest.mark.installs
@pytest.mark.timeout(300)
@pytest.mark.parametrize("version", ["35", "36", "37"])
def test_jobs_run_with_every_supported_client(tmp_path_factory, version):
  library = tmp_path_factory.getbasetemp() / f"client-{version}"
  install = ["uv", "pip", "install", "--quiet", "--target", str(library)]
  subprocess.run([*install, f"kubernetes=={version}.*"], check=True)
  (found,) = library.glob("kubernetes-*.dist-info")
  assert found.name.startswith(f"kubernetes-{version}.")
  tests = [HERE / "test_running.py", HERE / "test_outages.py"]
  done = subprocess.run(
    [sys.executable, "-m", "pytest", "-q", "-k", TRIED, *map(str, tests)],
    env={**os.environ, "PYTHONPATH": str(library)},
    capture_output=True,
    text=True,
  )
  assert done.returncode == 0, done.stdout
