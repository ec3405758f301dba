"""Where the requirements of a job stand, and which place counts first."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from keras_remote_core.builtin.packaging import script_metadata
from keras_remote_core.builtin.packaging.requirements import declared
from keras_remote_core.errors import InvalidRequirement

PROJECT = """\
[project]
name = "mine"
dependencies = ["keras>=3", "jax[tpu]; sys_platform == 'linux'"]

[dependency-groups]
Keras_Remote = ["tqdm", {include-group = "data"}]
data = ["polars>=1"]
dev = ["pytest"]
"""

PYLOCK = """\
lock-version = "1.0"

[[packages]]
name = "Keras"
version = "3.15.1"

[[packages]]
name = "colorama"
version = "0.4.6"
marker = "sys_platform == 'win32'"

[[packages]]
name = "tool"
[packages.vcs]
type = "git"
url = "https://example.com/tool.git"
commit-id = "0a1b"
subdirectory = "python"

[[packages]]
name = "packed"
[packages.archive]
url = "https://example.com/packed-1.0.tar.gz"

[[packages]]
name = "mine"
[packages.directory]
path = "."
"""

UV_LOCK = """\
version = 1

[[package]]
name = "mine"
version = "0.1"
source = { editable = "." }
dependencies = [
  { name = "jax", version = "0.7.1", source = { registry = "r" }, extra = ["tpu"], marker = "python_version < '3.12'" },
  { name = "jax", version = "0.12.0", source = { registry = "r" }, marker = "python_version >= '3.12'" },
  { name = "keras" },
]

[package.dev-dependencies]
dev = [{ name = "pytest" }]
keras-remote = [{ name = "tool" }]

[[package]]
name = "jax"
version = "0.7.1"
source = { registry = "r" }
dependencies = [{ name = "numpy" }]

[package.optional-dependencies]
tpu = [{ name = "libtpu" }]

[[package]]
name = "jax"
version = "0.12.0"
source = { registry = "r" }
dependencies = [{ name = "numpy", marker = "sys_platform == 'linux'" }]

[[package]]
name = "keras"
version = "3.15.1"
source = { registry = "r" }
dependencies = [{ name = "rich" }]

[[package]]
name = "rich"
version = "15.0.0"
source = { registry = "r" }
dependencies = [{ name = "keras" }]

[[package]]
name = "libtpu"
version = "0.0.20"
source = { registry = "r" }

[[package]]
name = "numpy"
version = "2.5.5"
source = { registry = "r" }

[[package]]
name = "pytest"
version = "9.0.0"
source = { registry = "r" }

[[package]]
name = "tool"
version = "1.0"
source = { git = "https://example.com/tool.git?subdirectory=python&rev=main#0a1b" }
"""

SCRIPT = """\
#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "numpy>=1.26",
#   "Rich",
# ]
# ///

import numpy
"""


def read(path):
  return path.read_text() if path.is_file() else None


def test_a_project_brings_its_dependencies_and_the_group_for_jobs(tree):
  root = tree({"pyproject.toml": PROJECT})
  assert declared(root, read) == (
    "keras>=3",
    'jax[tpu]; sys_platform == "linux"',
    "tqdm",
    "polars>=1",
  )


@pytest.mark.parametrize(
  ("group", "said"),
  [
    ("['two words']", r"pyproject.toml:4: 'two words' is not a requirement"),
    ("[{include-group = 'absent'}]", "there is no dependency group 'absent'"),
    ("[{include-group = 'keras-remote'}]", "'keras-remote' includes itself"),
    ("[7]", "holds 7"),
    ("'numpy'", "is not a list"),
  ],
)
def test_a_group_that_no_tool_would_take_is_told_with_its_place(
  tree, group, said
):
  text = f"[project]\n\n[dependency-groups]\nkeras-remote = {group}\n"
  with pytest.raises(InvalidRequirement, match=said):
    declared(tree({"pyproject.toml": text}), read)


def test_a_pylock_pins_every_package_where_it_comes_from(tree):
  root = tree({"pylock.toml": PYLOCK, "pyproject.toml": PROJECT})
  assert declared(root, read) == (
    "keras==3.15.1",
    'colorama==0.4.6; sys_platform == "win32"',
    "tool @ git+https://example.com/tool.git@0a1b#subdirectory=python",
    "packed @ https://example.com/packed-1.0.tar.gz",
  )


@pytest.mark.parametrize(
  ("package", "said"),
  [
    ('name = "x"\ndirectory = {path = "../x"}', "pylock.toml:2: x is a local"),
    (
      'name = "x"\nversion = "1"\nmarker = "\'a\' in extras"',
      "depends on what",
    ),
    ('name = "x"', "has no version"),
    ('version = "1"', "a package has no name"),
  ],
)
def test_a_pylock_no_job_can_follow_is_told_with_its_place(tree, package, said):
  with pytest.raises(InvalidRequirement, match=said):
    declared(tree({"pylock.toml": f"[[packages]]\n{package}\n"}), read)


def test_a_uv_lock_pins_what_the_project_reaches_under_its_markers(tree):
  root = tree({"pyproject.toml": PROJECT, "uv.lock": UV_LOCK})
  with pytest.raises(InvalidRequirement, match="does not know polars, tqdm"):
    declared(root, read)
  project = PROJECT.replace(
    '"tqdm", {include-group = "data"}', '"tool @ git+https://example.com"'
  )
  root = tree({"pyproject.toml": project, "uv.lock": UV_LOCK})
  assert declared(root, read) == (
    'jax==0.7.1; python_version < "3.12"',
    'jax==0.12.0; python_version >= "3.12"',
    "keras==3.15.1",
    "rich==15.0.0",
    'libtpu==0.0.20; python_version < "3.12"',
    'numpy==2.5.5; python_version < "3.12" or python_version >= "3.12"'
    ' and sys_platform == "linux"',
    "tool @ git+https://example.com/tool.git@0a1b#subdirectory=python",
  )


def test_a_uv_lock_with_a_local_project_is_refused(tree):
  lock = UV_LOCK.replace(
    'version = "3.15.1"\nsource = { registry = "r" }',
    'version = "3.15.1"\nsource = { directory = "../keras" }',
  )
  project = '[project]\ndependencies = ["keras"]\n'
  with pytest.raises(InvalidRequirement, match="keras is a local project") as e:
    declared(tree({"pyproject.toml": project, "uv.lock": lock}), read)
  assert "requirements.txt, which counts before" in (e.value.remedy or "")


def test_what_only_keras_remote_needs_is_not_taken_from_a_uv_lock(tree):
  project = '[project]\ndependencies = ["rich", "keras-remote[gke]"]\n'
  lock = """
[[package]]
name = "mine"
source = { virtual = "." }
dependencies = [{ name = "rich" }, { name = "keras-remote", extra = ["gke"] }]

[[package]]
name = "keras-remote"
source = { editable = "../keras-remote" }
dependencies = [{ name = "click" }, { name = "rich" }]
optional-dependencies = { gke = [{ name = "keras-remote-gke" }] }

[[package]]
name = "keras-remote-gke"
version = "0.1.0"
source = { registry = "r" }

[[package]]
name = "click"
version = "8.1.7"
source = { registry = "r" }

[[package]]
name = "rich"
version = "15.0.0"
source = { registry = "r" }
"""
  root = tree({"pyproject.toml": project, "uv.lock": lock})
  assert declared(root, read) == ("rich==15.0.0",)


def test_a_pylock_may_know_keras_remote_as_a_local_project(tree):
  lock = """
[[packages]]
name = "keras-remote"
directory = { path = "../keras-remote" }

[[packages]]
name = "rich"
version = "15.0.0"
"""
  assert declared(tree({"pylock.toml": lock}), read) == ("rich==15.0.0",)


@pytest.mark.parametrize(
  "text", ["[[package]]\n", "package = 7", 'package = ["x"]', "nothing = 1"]
)
def test_a_uv_lock_of_another_form_is_named(tree, text):
  project = '[project]\ndependencies = ["keras"]\n'
  with pytest.raises(InvalidRequirement, match=r"uv\.lock is not a lock"):
    declared(tree({"pyproject.toml": project, "uv.lock": text}), read)


def test_a_scripts_own_metadata_counts_before_the_trees(tree):
  root = tree({"requirements.txt": "scipy", "a.py": SCRIPT, "b.py": "import a"})
  assert declared(root, read, root / "a.py") == ("numpy>=1.26", "rich")
  assert declared(root, read, root / "b.py") == ("scipy",)
  assert declared(None, read, root / "a.py") == ("numpy>=1.26", "rich")
  assert declared(None, read) == ()


def test_requirements_txt_counts_before_locks(tree):
  files = {"pylock.toml": PYLOCK, "uv.lock": UV_LOCK, "pyproject.toml": PROJECT}
  assert declared(tree({**files, "requirements.txt": "scipy"}), read) == (
    "scipy",
  )


@pytest.mark.parametrize(
  ("old", "new", "said"),
  [
    ('"Rich"', '"two words"', r"a\.py:6: 'two words'"),
    ("[\n", "7\n# x = [\n", "dependencies is not a list"),
    ("# dep", "# = dep", r"a\.py: "),
    ("# ///\n\n", f"# ///\n\n{SCRIPT}", "2 blocks"),
  ],
)
def test_wrong_script_metadata_is_told_with_its_place(tree, old, new, said):
  root = tree({"a.py": SCRIPT.replace(old, new, 1)})
  with pytest.raises(InvalidRequirement, match=said):
    declared(root, read, root / "a.py")


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_of_script_metadata(tmp_path_factory, text):
  file = tmp_path_factory.getbasetemp() / "a.py"
  commented = "\n".join(f"# {line}" for line in text.splitlines())
  for each in (text, f"# /// script\n{commented}\n# ///\n"):
    try:
      found = script_metadata.dependencies(each, file)
    except InvalidRequirement as error:
      assert str(file) in error.message
    else:
      assert found is None or all(map(Requirement, found))


@given(st.lists(st.from_regex(r"[a-z]{1,8}(==[0-9]\.[0-9])?", fullmatch=True)))
def test_script_metadata_is_read_as_it_was_written(tmp_path_factory, lines):
  file = tmp_path_factory.getbasetemp() / "a.py"
  array = json.dumps(lines, indent=2).replace("\n", "\n# ")
  text = f"# /// script\n# dependencies = {array}\n# ///\n"
  assert script_metadata.dependencies(text, file) == tuple(lines)
