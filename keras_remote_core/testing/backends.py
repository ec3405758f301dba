"""What a backend promises, as tests to subclass.

Every job is real: packed by the packager, staged in the store, and run by the
runner wherever the backend starts it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_remote_core.model import Plan
from keras_remote_core.testing.backend_control import Control
from keras_remote_core.testing.backend_faults import Faults
from keras_remote_core.testing.backend_runs import Runs
from keras_remote_core.testing.site import Site


class BackendConformance(Runs, Control, Faults):
  """Subclass with a fixture ``plan``, such as ``testing.plan(backend=…)``.

  Attributes:
    capabilities: what the backend can do, such as ``Capabilities(jobs=False)``
      for one that cannot list its jobs.
    patience: seconds that a small job takes at the very most.
  """

  patience = 60.0

  @pytest.fixture
  def plan(self) -> Plan:
    raise NotImplementedError("give the suite a fixture 'plan'")

  @pytest.fixture
  def site(
    self, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
  ) -> Site:
    # Where the jobs' source is looked for.
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    return Site.of(plan, tmp_path)
