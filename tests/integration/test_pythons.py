"""Each Python that is promised, and the least of what is required."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
CORE = (
  "tests/test_settings.py",
  "tests/test_registry.py",
  "tests/packaging/test_ignore.py",
  "tests/cli/test_targets.py",
  "tests/conformance/test_artifact_stores.py",
)
PLUGINS = (
  "plugins/gcp/tests/test_authenticator.py",
  "plugins/gcp/tests/test_conformance.py",
  "plugins/gke/tests/manifests/test_golden.py",
  "plugins/cloudbuild/tests/test_conformance.py",
)
JOB = """\
import keras_remote


@keras_remote.run(backend="local")
def double(number):
  print("doubling")
  return 2 * number


assert double(21) == 42
"""
MINORS = ("3.11", "3.12", "3.13", "3.14")


def found(minor):
  """The path of a Python of this minor version, or None."""
  if shutil.which("uv") is None:
    return None
  asked = ["uv", "python", "find", "--no-project", "--system", minor]
  done = subprocess.run(asked, capture_output=True, text=True)
  pyenv = sorted(Path.home().glob(f".pyenv/versions/{minor}.*/bin/python"))
  usual = str(pyenv[-1]) if pyenv else None
  return done.stdout.strip() if done.returncode == 0 else usual


@pytest.mark.parametrize("minor", MINORS)
def test_each_python_lists_plugins_and_runs_a_job(fresh, dist, minor, tmp_path):
  python = found(minor)
  if python is None:
    pytest.skip(f"there is no Python {minor} on this machine")
  environment = fresh(python)
  environment.install("--find-links", dist, "keras-remote>=0.1,<0.2")
  assert environment.plugins() == {"builtin": None}
  (tmp_path / "job.py").write_text(JOB)
  home = str(tmp_path / "home")
  out = environment.run("python", "job.py", KERAS_REMOTE_HOME=home)
  assert "doubling" in out


def test_the_least_that_the_core_asks_for_is_enough(fresh, dist, stated):
  environment = fresh(found("3.11") or pytest.skip("there is no Python 3.11"))
  wheels = [one(dist, "keras_remote-*"), one(dist, "keras_remote_runner-*")]
  check(environment, wheels, lines(stated, wheels), CORE)


def test_the_least_that_the_plugins_ask_for_is_enough(fresh, dist, stated):
  environment = fresh(found("3.11") or pytest.skip("there is no Python 3.11"))
  # Pulumi's half a gigabyte is left out.
  wheels = [each for each in dist.glob("*.whl") if "pulumi" not in each.name]
  check(environment, wheels, lines(stated, wheels), PLUGINS)


def one(dist, pattern):
  (wheel,) = dist.glob(f"{pattern}.whl")
  return wheel


def lines(stated, wheels):
  """What wheels require, and what tests need: the least of it is looked for."""
  return [
    line
    for wheel in wheels
    for extra in ("testing", "development")
    for line in stated(wheel, extra)
  ]


def check(environment, wheels, required, tests):
  least = ("--resolution", "lowest-direct")
  environment.install(*least, *sorted(set(required)), *wheels)
  environment.run(
    "python",
    *("-m", "pytest", "-q", "-p", "no:cacheprovider"),
    # Google's libraries say how long they will support a Python.
    *("-W", "ignore::FutureWarning"),
    *tests,
    cwd=CHECKOUT,
  )
