"""Plugins that are broken in every way at once, and jobs that run all the same."""

from __future__ import annotations

import json

import pytest

BROKEN = {
  "absent": "",
  "crashing": "raise RuntimeError('half installed')",
  "exiting": "raise SystemExit('no licence')",
  "misspelt": """
    from keras_remote_core import hookimpl

    @hookimpl
    def keras_remote_backend():
      return []
    """,
  "raising": """
    from keras_remote_core import Provider, hookimpl

    @hookimpl
    def keras_remote_packagers():
      yield Provider(name="zip", summary="Zips.", implementation="a:b")
      raise KeyError("no network")
    """,
  "shadowing": """
    from keras_remote_core import BackendProvider, hookimpl

    @hookimpl
    def keras_remote_backends():
      yield BackendProvider(
        name="local", summary="Mine.", implementation="shadowing:Backend"
      )
    """,
  "wrong-type": """
    from keras_remote_core import hookimpl

    @hookimpl
    def keras_remote_backends():
      return ["gke"]
    """,
  "rude": """
    from keras_remote_core import hookimpl

    @hookimpl
    def keras_remote_job_event(event):
      raise RuntimeError("an observer's own trouble")
    """,
  "future": "",
}

REASONS = {
  "absent": "does not import: ModuleNotFoundError",
  "crashing": "RuntimeError: half installed",
  "exiting": "SystemExit: no licence",
  "misspelt": "keras_remote_backend",
  "raising": "KeyError: 'no network'",
  "shadowing": "the backend 'local' is already provided by builtin",
  "wrong-type": "returned a str, not a BackendProvider",
  "future": "upgrade keras-remote",
}

SCRIPT = """
import keras_remote

@keras_remote.run
def f(x):
  return x + 1

print(f(41))
"""

LIST = """
import json
from keras_remote_core.registry import installed

found = installed().plugins
print(json.dumps({each.name: [each.distribution, each.error] for each in found}))
"""


@pytest.fixture
def broken_plugins(tmp_path, script, monkeypatch):
  """Distributions on the path, as an installer would leave them."""
  site = tmp_path / "project" / "site"
  for name, text in BROKEN.items():
    group = "v2" if name == "future" else "v1"
    module = name.replace("-", "_")
    if name != "absent":
      script(text, f"site/{module}.py")
    info = f"site/{module}-1.0.dist-info"
    script(
      f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", f"{info}/METADATA"
    )
    script(
      f"[keras_remote.{group}]\n{name} = {module}\n",
      f"{info}/entry_points.txt",
    )
  monkeypatch.setenv("PYTHONPATH", str(site))


@pytest.mark.usefixtures("broken_plugins")
def test_a_job_runs_beside_all_of_them(python):
  done = python("-c", SCRIPT)
  assert done.stdout == "42\n"
  assert "running on this machine" in done.stderr


@pytest.mark.usefixtures("broken_plugins")
def test_each_is_listed_with_what_is_wrong_with_it(python):
  found = json.loads(python("-c", LIST).stdout)
  for name, reason in REASONS.items():
    distribution, error = found[name]
    assert distribution == name
    assert reason in error
  assert found["rude"] == ["rude", None]
  assert found["builtin"][1] is None


@pytest.mark.usefixtures("broken_plugins")
def test_a_disabled_plugin_is_not_even_looked_at(python, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_DISABLED_PLUGINS", "crashing, exiting")
  found = json.loads(python("-c", LIST).stdout)
  assert not {"crashing", "exiting"} & found.keys()
  assert "misspelt" in found
