"""Where the source tree begins."""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path

import pytest

from keras_remote_core.builtin.packaging.root import (
  MARKERS,
  find_root,
  source_file,
  source_root,
)


def load(path: Path):
  spec = importlib.util.spec_from_file_location(path.stem, path)
  assert spec
  assert spec.loader
  module = importlib.util.module_from_spec(spec)
  spec.loader.exec_module(module)
  return module


@pytest.mark.parametrize("marker", MARKERS)
def test_the_nearest_folder_with_a_marker_is_the_root(tree, marker):
  root = tree({"setup.py": "", f"inner/{marker}": "", "inner/a/b/f.py": ""})
  assert find_root(root / "inner/a/b", home=root.parent) == root / "inner"


def test_a_repository_is_a_root_also_where_git_keeps_a_file(tree):
  root = tree({".git": "gitdir: elsewhere", "a/f.py": ""})
  assert find_root(root / "a", home=root.parent) == root


def test_without_a_marker_the_script_ships_with_its_neighbours(tree):
  root = tree({"scripts/train.py": "", "scripts/helpers.py": ""})
  found = find_root(root / "scripts", home=root.parent)
  assert found == root / "scripts"


def test_the_home_directory_never_ships_even_with_a_marker(tree):
  home = tree({"pyproject.toml": "", "work/train.py": ""}, "home")
  assert find_root(home, home) is None
  assert find_root(home.parent, home) is None
  assert find_root(home / "work", home) == home / "work"


def test_the_file_system_and_the_temporary_folder_never_ship(tree, monkeypatch):
  temporary = tree({"requirements.txt": "", "mine/train.py": ""}, "temporary")
  monkeypatch.setattr("tempfile.tempdir", str(temporary))
  assert find_root(temporary, home=Path("/nowhere")) is None
  assert find_root(Path("/"), home=Path("/nowhere")) is None
  assert find_root(temporary / "mine", Path("/nowhere")) == temporary / "mine"


def test_a_function_ships_from_the_folder_of_its_file(tree, monkeypatch):
  root = tree({"pyproject.toml": "", "lib/mod.py": "def f(x): pass"})
  function = load(root / "lib/mod.py").f
  monkeypatch.chdir("/")
  assert source_root(function) == root
  assert source_root(functools.partial(function, 1)) == root


def test_decorators_that_wrap_do_not_hide_the_file(tree):
  root = tree({"mod.py": "def f(): pass"})
  function = load(root / "mod.py").f

  @functools.wraps(function)
  def wrapper():
    return function()

  assert source_file(wrapper) == root / "mod.py"


def test_a_notebook_ships_from_the_working_directory(tree, monkeypatch):
  root = tree({"pyproject.toml": "", "notebooks/helpers.py": ""})
  monkeypatch.chdir(root / "notebooks")
  cell: dict = {"__name__": "__nowhere__"}
  exec(compile("def f(): pass", "<ipython-input-1>", "exec"), cell)
  assert source_root(cell["f"]) == root


def test_a_notebook_in_the_home_directory_ships_nothing(tree, monkeypatch):
  home = tree({"secrets.txt": ""}, "home")
  monkeypatch.setenv("HOME", str(home))
  monkeypatch.chdir(home)
  cell: dict = {"__name__": "__nowhere__"}
  exec(compile("def f(): pass", "<stdin>", "exec"), cell)
  assert source_root(cell["f"]) is None


@pytest.mark.parametrize("function", [json.dumps, pytest.fixture, len])
def test_a_library_does_not_ship_itself(tree, monkeypatch, function):
  root = tree({"setup.cfg": ""})
  monkeypatch.chdir(root)
  assert source_root(function) == root
