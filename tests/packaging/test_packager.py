"""A call becomes a bundle that a job can run."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import attrs
import pytest

from keras_remote_core.builtin.packaging.missing import refusal
from keras_remote_core.builtin.packaging.payload_check import missing_modules
from keras_remote_core.errors import InvalidRequirement, MissingModules
from keras_remote_runner.container import load
from keras_remote_runner.source import unpack

FILES = {
  "pyproject.toml": "[project]\ndependencies = ['attrs', 'numpy']\n",
  "src/shipping_pkg/__init__.py": "",
  "src/shipping_pkg/train.py": (
    "from shipping_pkg import helper\ndef train(x):\n  return helper.twice(x)\n"
  ),
  "src/shipping_pkg/helper.py": "def twice(x):\n  return 2 * x\n",
  "jobs/start.py": "",
}


@pytest.fixture
def project(tree, monkeypatch):
  """A project in the src layout, with the working directory in it."""
  root = tree(FILES)
  monkeypatch.chdir(root / "jobs")
  monkeypatch.syspath_prepend(root / "src")
  monkeypatch.syspath_prepend(root / "jobs")
  yield root
  for name in [n for n in sys.modules if n.startswith("shipping_pkg")]:
    del sys.modules[name]


def imported():
  from shipping_pkg import train  # type: ignore[import-not-found]

  return train.train


def run_like_a_job(bundle, folder):
  """Unpacks and runs a bundle with nothing of this process in reach."""
  if bundle.source:
    unpack(bundle.source.path, folder)
  code = """
    import sys
    from pathlib import Path
    from keras_remote_runner import container, source
    folder, function, inputs, cwd, *sys_path = sys.argv[1:]
    source.enter(Path(folder), sys_path, cwd)
    args, kwargs = container.load(Path(inputs))
    print(container.load(Path(function))(*args, **kwargs))
  """
  layout = (bundle.layout.cwd, *bundle.layout.sys_path)
  paths = (folder, bundle.function.path, bundle.inputs[0].path)
  done = subprocess.run(
    [sys.executable, "-c", textwrap.dedent(code), *paths, *layout],
    capture_output=True,
    text=True,
  )
  assert done.returncode == 0, done.stderr
  return done.stdout.strip()


def test_a_projects_function_runs_from_what_was_packed(project, pack, tmp_path):
  bundle = pack(imported(), 21)
  assert run_like_a_job(bundle, tmp_path / "job") == "42"


def test_the_bundle_says_what_the_job_needs(project, pack):
  bundle = pack(imported(), 21)
  assert bundle.root == project
  assert bundle.layout.sys_path == ("jobs", "src")
  assert bundle.layout.cwd == "jobs"
  assert bundle.requirements == ("attrs", "numpy")
  assert bundle.python == f"{sys.version_info.major}.{sys.version_info.minor}"
  assert not bundle.by_value


def test_a_module_kept_off_sys_path_by_an_import_hook_is_still_found(
  project, pack, monkeypatch
):
  function = imported()
  monkeypatch.setattr(
    sys, "path", [p for p in sys.path if not p.endswith("/src")]
  )
  assert "src" in pack(function, 1).layout.sys_path


def test_arguments_travel_apart_from_the_function(project, pack):
  bundle = pack(imported(), 1, x=[2])
  assert load(bundle.inputs[0].path) == ((1,), {"x": [2]})
  assert len(bundle.blobs) == 3


def test_a_function_of_a_script_travels_by_value(project, pack, tmp_path):
  names = {"__name__": "__main__"}
  exec("import json\ndef f(x, *, y): return json.dumps([x, y])", names)
  bundle = pack(names["f"], 1, y=2)
  assert bundle.by_value
  assert run_like_a_job(bundle, tmp_path / "job") == "[1, 2]"


def test_users_requirements_win_and_are_checked_first(project, pack, plan):
  given = attrs.evolve(plan, requirements=("NumPy<3",))
  assert pack(imported(), 1, plan=given).requirements == ("attrs", "numpy<3")
  wrong = attrs.evolve(plan, requirements=("numpy = 3",))
  with pytest.raises(InvalidRequirement):
    pack(imported(), 1, plan=wrong)


def test_nothing_is_missing_from_a_whole_bundle(project, pack):
  assert missing_modules(pack(imported(), attrs.Factory(list))) == ()


def test_an_unlisted_library_and_an_ignored_module_are_missing(project, pack):
  import click

  (project / ".gitignore").write_text("train.py\n")
  found = missing_modules(pack(imported(), click.Path()))
  assert [each.module for each in found] == [
    "click.types",
    "shipping_pkg.train",
  ]
  assert isinstance(refusal(found), MissingModules)


def test_a_module_next_to_the_project_is_missing(
  project, pack, tree, monkeypatch
):
  other = tree({"beside.py": "class Thing: pass\n"}, "beside")
  monkeypatch.syspath_prepend(other)
  import beside  # type: ignore[import-not-found]

  (found,) = missing_modules(pack(imported(), beside.Thing()))
  del sys.modules["beside"]
  assert str(other / "beside.py") in found.reason


def test_a_namespace_package_of_the_project_is_not_missing(project, pack):
  (project / "src/spaced/inner").mkdir(parents=True)
  (project / "src/spaced/inner/mod.py").write_text("def f(): pass\n")
  import spaced.inner.mod  # type: ignore[import-not-found]

  names = {"__name__": "__main__", "spaced": spaced}
  exec("def f(): return spaced.inner.mod.f()", names)
  bundle = pack(names["f"])
  found = missing_modules(bundle)
  del sys.modules["spaced"], sys.modules["spaced.inner"]
  del sys.modules["spaced.inner.mod"]
  assert found == ()


def test_what_was_left_out_is_told_in_one_line(project, pack, heard):
  (project / ".env").write_text("TOKEN=1")
  (project / "tls.key").write_text("x")
  pack(imported(), 1)
  assert len(heard.notes) == 1
  assert ".env, tls.key" in heard.notes[0]
  assert ".kerasremoteignore" in heard.notes[0]


def test_a_store_inside_the_project_does_not_ship_itself(project, pack):
  store = (project / "store").as_uri()
  first = pack(imported(), 1, store=store)
  (project / "store").mkdir()
  (project / "store/blob").write_text("x")
  second = pack(imported(), 1, store=store)
  assert second.source.sha256 == first.source.sha256


def test_a_large_tree_is_warned_of_with_the_largest_files(project, pack, heard):
  with open(project / "large.bin", "wb") as file:
    file.truncate(101_000_000)
  pack(imported(), 1)
  (warning,) = heard.warnings
  assert "large.bin (101.0 MB), " in warning
  assert ".kerasremoteignore" in warning


def test_a_large_payload_is_warned_of_with_the_largest_arguments(
  project, pack, heard
):
  pack(imported(), {"rows": bytes(51_000_000)})
  (warning,) = heard.warnings
  assert "train(..., x) (51.0 MB)" in warning


def test_large_data_in_a_closure_is_found(project, pack, heard):
  rows = bytes(51_000_000)

  def count():
    return len(rows)

  count.__module__ = "__main__"
  pack(count)
  assert "closure variable 'rows' of count (51.0 MB)" in heard.warnings[0]
