"""What importing costs, and who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = (
  "jax",
  "keras",
  "numpy",
  "cattrs",
  "cloudpickle",
  "google",
  "kubernetes",
  "pulumi",
)


def loaded_by(code: str) -> set[str]:
  """Top-level modules a fresh interpreter has after running some code."""
  ending = (
    "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
  )
  done = subprocess.run(
    [sys.executable, "-c", f"{code}\n{ending}"],
    capture_output=True,
    text=True,
    check=True,
  )
  return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
  "code",
  [
    "import keras_remote",
    "import keras_remote; keras_remote.run(accelerator='cpu')(len)",
    "import keras_remote_core",
  ],
)
def test_importing_and_decorating_load_nothing_heavy(code):
  assert loaded_by(code).isdisjoint(HEAVY)


def test_help_loads_nothing_heavy_and_not_even_rich():
  help_page = (
    "from keras_remote_core.cli.main import root\n"
    "root(['--help'], standalone_mode=False)"
  )
  assert loaded_by(help_page).isdisjoint({*HEAVY, "rich"})


def test_importing_reads_no_entry_points():
  code = "import keras_remote; import sys; assert 'importlib.metadata' not in sys.modules"
  loaded_by(code)


def imported(package: Path) -> Iterator[tuple[str, str]]:
  """Each file of a package with each of this project's packages it imports."""
  for path in package.rglob("*.py"):
    for node in ast.walk(ast.parse(path.read_text())):
      names = []
      if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
      elif isinstance(node, ast.ImportFrom) and node.module:
        names = [node.module]
      for name in names:
        yield str(path.relative_to(ROOT)), name.partition(".")[0]


@pytest.mark.parametrize(
  ("package", "allowed"),
  [
    ("runner/keras_remote_runner", {"keras_remote_runner", "cloudpickle"}),
    ("keras_remote_core", {"keras_remote_core", "keras_remote_runner"}),
    (
      "keras_remote",
      {"keras_remote", "keras_remote_core", "keras_remote_runner"},
    ),
  ],
)
def test_imports_go_from_the_facade_to_the_core_to_the_runner(package, allowed):
  ours = {"keras_remote", "keras_remote_core", "keras_remote_runner"}
  wrong = [
    (path, name)
    for path, name in imported(ROOT / package)
    if name.startswith("keras_remote") and name not in allowed
  ]
  assert not wrong
  assert ours >= allowed - {"cloudpickle"}


@pytest.mark.parametrize(
  ("plugin", "others"),
  [
    ("gcp", set()),
    ("gke", {"gcp"}),
    ("pathways", {"gcp", "gke"}),
    ("cloudbuild", {"gcp"}),
  ],
)
def test_plugins_import_the_core_and_what_they_depend_on(plugin, others):
  package = ROOT / "plugins" / plugin / f"keras_remote_{plugin}"
  allowed = {"keras_remote_core", "keras_remote_runner"} | {
    f"keras_remote_{each}" for each in {plugin, *others}
  }
  wrong = [
    (path, name)
    for path, name in imported(package)
    if name.startswith("keras_remote") and name not in allowed
  ]
  assert not wrong


def test_the_runner_imports_the_standard_library_and_cloudpickle_only():
  # What it finds in sys.modules or imports where the user has it already.
  users = {"numpy", "jax"}
  allowed = (
    sys.stdlib_module_names | users | {"cloudpickle", "keras_remote_runner"}
  )
  runner = ROOT / "runner" / "keras_remote_runner"
  assert {name for _, name in imported(runner)} <= allowed


def test_the_remote_side_of_the_file_store_imports_the_standard_library_only():
  path = ROOT / "keras_remote_core" / "builtin" / "file_remote.py"
  names = {
    name for file, name in imported(path.parent) if file.endswith(path.name)
  }
  assert names <= sys.stdlib_module_names
