"""Runs suites on implementations that are broken on purpose."""

from __future__ import annotations

import sys
import types

import pytest

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
  """Keeps which tests ran and which of them failed, by name."""

  def __init__(self):
    self.ran, self.failed, self.texts = set(), set(), []

  def pytest_collectreport(self, report):
    assert not report.failed, report.longreprtext

  def pytest_runtest_logreport(self, report):
    name = report.location[2].partition(".")[2].partition("[")[0]
    if report.when == "call" and not report.skipped:
      self.ran.add(name)
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
    module.TestBroken = suite
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


@pytest.fixture
def tests_of():
  """The names of all tests of a suite."""

  def names(suite):
    return {name for name in dir(suite) if name.startswith("test_")}

  return names
