"""Runs suites on implementations that are broken on purpose."""

from __future__ import annotations

import sys
import types

import pytest
from attrs import evolve

from keras_remote_core import testing
from keras_remote_core.testing import BackendConformance

CASE = "conformance_case"
# Either of no use here, or in the way of the run around.
PLUGINS = (
  "cacheprovider",
  "faulthandler",
  "threadexception",
  "timeout",
  "unraisableexception",
  "xdist",
)


class Heard:
  """Keeps which tests ran and failed, by name, and what was said of it."""

  def __init__(self):
    self.ran, self.failed, self.texts = set(), set(), []
    self.skipped = {}

  def pytest_collectreport(self, report):
    assert not report.failed, report.longreprtext

  def pytest_runtest_logreport(self, report):
    name = report.location[2].partition(".")[2].partition("[")[0]
    if report.when == "call" and not report.skipped:
      self.ran.add(name)
    if report.skipped:
      self.skipped[name] = report.longrepr[2]
    if report.failed:
      self.failed.add(name)
      self.texts.append(report.longreprtext)


@pytest.fixture
def heard(request, tmp_path, monkeypatch):
  """Runs a suite as its author would, and tells what came of it.

  Only the named tests, if any are named.
  """
  # For the processes that the suites start.
  monkeypatch.syspath_prepend(request.config.rootpath)

  def run(suite, names=()):
    module = types.ModuleType(CASE)
    vars(module)["TestBroken"] = suite
    monkeypatch.setitem(sys.modules, CASE, module)
    # The last run's, which pytest would not import again.
    monkeypatch.delitem(sys.modules, "test_case", raising=False)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    path = tmp_path / "test_case.py"
    path.write_text(f"from {CASE} import TestBroken\n")
    told = Heard()
    pytest.main(
      [
        f"--rootdir={tmp_path}",
        f"--basetemp={tmp_path / 'base'}",
        "--import-mode=importlib",
        "--capture=no",
        *(f"-pno:{each}" for each in PLUGINS),
        *(f"{path}::TestBroken::{each}" for each in sorted(names)),
        *([] if names else [path]),
      ],
      plugins=[told],
    )
    assert told.ran
    return told

  return run


@pytest.fixture
def failing(heard):
  """The names of the tests that fail on a suite."""

  def run(suite, names=()):
    return heard(suite, names).failed

  return run


# What is run on every broken backend besides the tests that must fail: the
# whole suite would take minutes.
REPRESENTATIVES = {
  BackendConformance.test_a_handle_is_the_same_whenever_it_is_made,
  BackendConformance.test_a_value_comes_back,
  BackendConformance.test_logs_come_in_order_while_it_runs_and_afterwards,
  BackendConformance.test_what_it_would_create_is_plain_data_without_secrets,
}


@pytest.fixture
def jobs_fail(failing):
  """The names of the tests that fail on a backend, of some and a few more."""

  def run(broken, tests):
    names = {test.__name__ for test in tests | REPRESENTATIVES}
    return failing(backend_suite(broken), names)

  return run


def backend_suite(broken):
  class TestBroken(BackendConformance):
    patience = 10.0

    @pytest.fixture
    def plan(self):
      plan = testing.plan(backend="local")
      claimed = plan.backend.provider.capabilities
      provider = evolve(
        plan.backend.provider,
        implementation=f"{broken.__module__}:{broken.__qualname__}",
        capabilities=getattr(broken, "capabilities", claimed),
      )
      return evolve(plan, backend=evolve(plan.backend, provider=provider))

  return TestBroken


@pytest.fixture
def tests_of():
  """The names of all tests of a suite."""

  def names(suite):
    return {name for name in dir(suite) if name.startswith("test_")}

  return names
