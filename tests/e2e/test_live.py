"""What only live Google Cloud can show.

Opt in with ``KERAS_REMOTE_E2E=1``, with a project, a cluster and credentials
configured as for any script; the jobs cost money.
"""

from __future__ import annotations

import os

import pytest

pytestmark = [
  pytest.mark.e2e,
  pytest.mark.timeout(1800),
  pytest.mark.skipif(
    os.environ.get("KERAS_REMOTE_E2E") != "1",
    reason="runs on live Google Cloud; opt in with KERAS_REMOTE_E2E=1",
  ),
]


def test_a_cpu_job_on_the_configured_cluster_returns_its_value() -> None:
  import keras_remote

  @keras_remote.run(accelerator="cpu", backend="gke")
  def double(number: int) -> int:
    return 2 * number

  assert double(21) == 42
