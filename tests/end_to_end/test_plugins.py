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
  "future": "raise AssertionError('not to be imported')",
  "past": "raise AssertionError('not to be imported')",
}
GROUPS = {"future": "keras_remote.v2", "past": "keras_remote.v0"}

REASONS = {
  "absent": "it does not import: ModuleNotFoundError: No module named 'absent';"
  " upgrade or uninstall absent",
  "crashing": "it does not import: RuntimeError: half installed;"
  " upgrade or uninstall crashing",
  "exiting": "it does not import: SystemExit: no licence;"
  " upgrade or uninstall exiting",
  "misspelt": "there is no hook keras_remote_backend:"
  " write 'keras_remote_backends'; upgrade or uninstall misspelt",
  "raising": "keras_remote_packagers raised KeyError: 'no network';"
  " upgrade or uninstall raising",
  "shadowing": "the backend 'local' is already provided by builtin, which"
  " keeps it; upgrade or uninstall shadowing",
  "wrong-type": "TypeError: keras_remote_backends returned a str, not a"
  " BackendProvider; upgrade or uninstall wrong-type",
  "future": "it was built for plugin interface v2, and this keras-remote has"
  " v1; upgrade keras-remote: pip install -U keras-remote",
  "past": "it was built for plugin interface v0, and this keras-remote has"
  " v1; upgrade past: pip install -U past",
}

SCRIPT = """
import keras_remote

@keras_remote.run
def f(x):
  return x + 1

print(f(41))
"""

COMMAND_LINE = "from keras_remote_core.cli.main import main; main()"


@pytest.fixture
def broken_plugins(tmp_path, script, monkeypatch):
  """Distributions on the path, as an installer would leave them."""
  site = tmp_path / "project" / "site"
  for name, text in BROKEN.items():
    group = GROUPS.get(name, "keras_remote.v1")
    module = name.replace("-", "_")
    if name != "absent":
      script(text, f"site/{module}.py")
    info = f"site/{module}-1.0.dist-info"
    script(
      f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", f"{info}/METADATA"
    )
    script(
      f"[{group}]\n{name} = {module}\n",
      f"{info}/entry_points.txt",
    )
  monkeypatch.setenv("PYTHONPATH", str(site))


@pytest.mark.usefixtures("broken_plugins")
def test_a_job_runs_beside_all_of_them(python):
  done = python("-c", SCRIPT)
  assert done.stdout == "42\n"
  assert "running on this machine" in done.stderr


@pytest.fixture
def listed(python, broken_plugins):
  """What the command line lists, by name."""

  def run():
    asked = ("plugins", "list", "--json")
    records = json.loads(python("-c", COMMAND_LINE, *asked).stdout)
    return {each["name"]: each for each in records}

  return run


def test_each_is_listed_with_what_is_wrong_and_what_helps(listed):
  found = listed()
  assert {name: found[name]["error"] for name in REASONS} == REASONS
  assert all(found[name]["distribution"] == name for name in BROKEN)
  assert all(found[name]["provides"] == {} for name in REASONS)
  assert found["rude"]["error"] is None
  assert found["builtin"]["error"] is None


@pytest.mark.usefixtures("broken_plugins")
def test_the_table_has_every_sentence(python):
  table = python("-c", COMMAND_LINE, "plugins", "list").stdout
  assert all(reason in table for reason in REASONS.values())


def test_a_disabled_plugin_is_not_even_looked_at(listed, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_DISABLED_PLUGINS", "crashing, exiting")
  found = listed()
  assert not {"crashing", "exiting"} & found.keys()
  assert "misspelt" in found
