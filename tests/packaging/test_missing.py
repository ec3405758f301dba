"""Which modules nothing brings along."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_remote_core.builtin.packaging.distributions import (
  providers,
  with_dependencies,
)
from keras_remote_core.builtin.packaging.missing import (
  Need,
  missing,
  refusal,
)

ROOT = Path("/project")
SHIPPED = frozenset({"mod.py", "pkg", "pkg/__init__.py"})


def absent(*needs, root=ROOT, installed=frozenset()):
  return missing(needs, root, SHIPPED, installed)


@pytest.mark.parametrize(
  "module",
  ["os.path", "builtins", "cloudpickle.cloudpickle", "keras_remote_runner.x"],
)
def test_what_every_job_has_is_never_missing(module):
  assert absent(Need(module=module)) == ()


def test_what_ships_is_not_missing():
  needs = (
    Need(module="mod", file=ROOT / "mod.py"),
    Need(module="pkg", file=ROOT / "pkg/__init__.py"),
    Need(module="namespace", file=ROOT / "pkg"),
  )
  assert absent(*needs) == ()


def test_what_the_requirements_bring_is_not_missing():
  need = Need(module="google.protobuf", providers=frozenset({"protobuf"}))
  assert absent(need, installed=frozenset({"protobuf"})) == ()


def test_a_library_outside_of_the_requirements_is_named_with_the_fix():
  needs = [
    Need(module=name, providers=frozenset({"scikit-learn"}))
    for name in ("sklearn.svm", "sklearn.base")
  ]
  (only,) = absent(*needs)
  assert only.module == "sklearn.base"
  assert "scikit-learn" in only.remedy
  assert "requirements.txt" in only.remedy


def test_an_ignored_file_is_named_with_the_line_that_brings_it_back():
  (only,) = absent(Need(module="made", file=ROOT / "gen/made.py"))
  assert "!gen/made.py" in only.remedy


@pytest.mark.parametrize("root", [ROOT, None])
def test_a_file_outside_of_the_tree_is_named(root):
  (only,) = absent(Need(module="far", file=Path("/other/far.py")), root=root)
  assert "/other/far.py" in only.reason


def test_a_module_made_up_at_run_time_is_named():
  (only,) = absent(Need(module="made_up"))
  assert "made_up" in only.remedy


def test_the_error_says_all_of_it():
  found = absent(Need(module="b"), Need(module="a"))
  text = str(refusal(found))
  assert text.index("a:") < text.index("b:")
  assert "import a inside" in text
  assert "import b inside" in text


def test_a_module_is_known_by_its_distributions_name():
  assert providers("xdist.plugin") == {"pytest-xdist"}
  assert providers("not_installed_anywhere") == frozenset()


def test_a_requirement_brings_what_it_requires():
  found = with_dependencies(("hypothesis>=6",))
  assert found >= {"hypothesis", "sortedcontainers"}


def test_an_extra_brings_more(tmp_path, monkeypatch):
  install(tmp_path, "lib-a", "lib-b; extra == 'more'", 'lib-c; extra == "no"')
  monkeypatch.syspath_prepend(tmp_path)
  assert with_dependencies(("lib-a",)) == {"lib-a"}
  assert with_dependencies(("Lib_A[more]",)) == {"lib-a", "lib-b"}


def test_requirements_in_a_circle_end(tmp_path, monkeypatch):
  install(tmp_path, "lib-a", "lib-b")
  install(tmp_path, "lib-b", "lib-a")
  monkeypatch.syspath_prepend(tmp_path)
  assert with_dependencies(("lib-a",)) == {"lib-a", "lib-b"}


def test_in_a_shared_namespace_the_files_decide(tmp_path, monkeypatch):
  install(tmp_path, "corp-a", files=("corp/a/__init__.py",))
  install(tmp_path, "corp-b", files=("corp/b.py",))
  monkeypatch.syspath_prepend(tmp_path)
  from keras_remote_core.builtin.packaging import distributions

  distributions._owners.cache_clear()
  assert providers("corp.b") == {"corp-b"}
  assert providers("corp.a.deep") == {"corp-a", "corp-b"}
  assert providers("corp") == {"corp-a", "corp-b"}
  distributions._owners.cache_clear()


def install(folder, name, *requires, files=()):
  """Writes the metadata of a distribution as an installer leaves it."""
  info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
  info.mkdir()
  lines = [f"Requires-Dist: {each}" for each in requires]
  head = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]
  (info / "METADATA").write_text("\n".join([*head, *lines, ""]))
  (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
