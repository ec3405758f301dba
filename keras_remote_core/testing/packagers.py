"""What a packager promises, as tests to subclass."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_remote_core.model import Plan
from keras_remote_core.testing.packed_bundles import Bundles
from keras_remote_core.testing.packed_calls import Calls
from keras_remote_core.testing.packing import Packing


class PackagerConformance(Bundles, Calls):
  """Subclass with a fixture ``plan``, such as ``testing.plan(packager=…)``.

  Its backend should be ``instant``: some of the calls are run.
  """

  @pytest.fixture
  def plan(self) -> Plan:
    raise NotImplementedError("give the suite a fixture 'plan'")

  @pytest.fixture
  def packing(
    self, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
  ) -> Packing:
    # Where the project is looked for.
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").touch()
    monkeypatch.chdir(project)
    monkeypatch.syspath_prepend(project)
    return Packing(plan, tmp_path, project)
