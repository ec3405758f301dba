"""Runs a suite's test on an implementation that is broken on purpose."""

from __future__ import annotations

import pytest
from attrs import evolve

from keras_remote_core import testing
from keras_remote_core.testing.site import Site


@pytest.fixture
def noticed(request, tmp_path, monkeypatch):
  """Says whether a test of the backend suite fails on a broken backend."""
  # For the processes that the suite starts.
  monkeypatch.syspath_prepend(request.config.rootpath)
  (tmp_path / "empty").mkdir()
  monkeypatch.chdir(tmp_path / "empty")

  def run(suite, broken, test):
    suite.patience = 10.0
    try:
      test(Site.of(_plan_with(broken), tmp_path))
    except (Exception, pytest.fail.Exception):
      return True
    return False

  return run


def _plan_with(broken):
  plan = testing.plan(backend="local")
  implementation = f"{broken.__module__}:{broken.__qualname__}"
  provider = evolve(plan.backend.provider, implementation=implementation)
  return evolve(plan, backend=evolve(plan.backend, provider=provider))
