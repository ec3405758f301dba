"""Requirement lines: one spelling, wrong ones refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from keras_remote_core.builtin.packaging.requirement_lines import (
  normalize,
  parse,
)
from keras_remote_core.builtin.packaging.requirements import declared, needed
from keras_remote_core.errors import InvalidRequirement


def read(path):
  return path.read_text() if path.is_file() else None


def lines_of(root):
  return needed(declared(root, read), ())


def test_comments_spelling_and_order_do_not_matter(tree):
  first = tree(
    {"requirements.txt": "# what we need\nNumPy >= 1.26,<3 # math\n\nkeras\n"}
  )
  second = tree({"requirements.txt": "Keras\nnumpy<3,>=1.26"}, "second")
  assert lines_of(first) == lines_of(second) == ("keras", "numpy<3,>=1.26")


def test_requirements_txt_counts_before_pyproject(tree):
  project = '[project]\nname = "x"\ndependencies = ["scipy>=1"]\n'
  assert lines_of(tree({"pyproject.toml": project})) == ("scipy>=1",)
  root = tree({"pyproject.toml": project, "requirements.txt": "numpy"})
  assert lines_of(root) == ("numpy",)


@pytest.mark.parametrize(
  "files", [{}, {"pyproject.toml": "[tool.x]\n"}, {"requirements.txt": "#\n"}]
)
def test_a_tree_may_require_nothing(tree, files):
  assert lines_of(tree(files)) == ()


def test_a_given_line_replaces_the_trees_of_that_name():
  assert needed(("jax>=0.4", "numpy"), ("JAX[tpu]==0.5",)) == (
    "jax[tpu]==0.5",
    "numpy",
  )


def test_markers_addresses_and_extras_survive():
  lines = (
    'torch==2.1+cpu ; python_version > "3.9"',
    "mine[b,a] @ git+https://example.com/mine.git@v1",
  )
  assert needed((), lines) == (
    "mine[a,b] @ git+https://example.com/mine.git@v1",
    'torch==2.1+cpu; python_version > "3.9"',
  )


def test_what_the_job_brings_by_itself_is_not_required():
  lines = ("keras-remote[gke]", "Keras_Remote_GKE", "keras", "keras-remotely")
  assert needed((), lines) == ("keras", "keras-remotely")


def test_included_files_are_followed(tree):
  root = tree(
    {
      "requirements.txt": "-r deep/base.txt\nscipy\n",
      "deep/base.txt": "numpy\n--requirement=../top.txt\n",
      "top.txt": "keras",
    }
  )
  assert lines_of(root) == ("keras", "numpy", "scipy")


def test_lines_go_on_after_a_backslash(tree):
  root = tree({"requirements.txt": "numpy \\\n  >=1.26 \\\n  # why\nkeras"})
  assert lines_of(root) == ("keras", "numpy>=1.26")


REFUSED = {
  "-e .": "source tree ships",
  "./local": "source tree ships",
  "../local": "source tree ships",
  ".": "source tree ships",
  ".[dev]": "source tree ships",
  "wheels/x-1.0-py3-none-any.whl": "source tree ships",
  "-c constraints.txt": "pinned versions",
  "--constraint=c.txt": "pinned versions",
  "-i https://example.com/simple": "UV_INDEX",
  "--extra-index-url https://example.com/simple": "UV_INDEX",
  "--find-links wheels": "UV_INDEX",
  "--pre": "container_image",
  "numpy==1.26 --hash=sha256:00": "without hashes",
  "git+https://example.com/x.git": "<name> @ <address>",
  "https://example.com/x-1.0.tar.gz": "<name> @ <address>",
  "x @ file:///home/me/x": "publish",
  "x @ git+https://me:word@example.com/x.git": "secrets=",
  "numpy=1.26": "numpy>=1.26",
  "two words": "numpy>=1.26",
  "-r missing.txt": "correct the path",
  "-r ../outside.txt": "correct the path",
  "-r requirements.txt": "remove the line",
}


@pytest.mark.parametrize(("line", "way_out"), REFUSED.items(), ids=REFUSED)
def test_a_line_no_job_can_follow_is_told_with_its_place(tree, line, way_out):
  root = tree({"requirements.txt": f"numpy\n\n{line}\n"})
  (root.parent / "outside.txt").write_text("numpy")
  with pytest.raises(InvalidRequirement) as caught:
    lines_of(root)
  assert f"{root / 'requirements.txt'}:3: " in caught.value.message
  assert way_out in (caught.value.remedy or "")


def test_the_place_in_an_included_file_is_that_files(tree):
  root = tree({"requirements.txt": "-r b.txt", "b.txt": "numpy\n???"})
  with pytest.raises(InvalidRequirement, match=r"b\.txt:2: "):
    lines_of(root)


def test_the_place_in_pyproject_has_a_line(tree):
  text = "[project]\ndependencies = [\n  'numpy',\n  'two words',\n]\n"
  with pytest.raises(InvalidRequirement, match=r"pyproject\.toml:4: "):
    lines_of(tree({"pyproject.toml": text}))


@pytest.mark.parametrize(
  "text", ["[project", "[project]\ndependencies = 7", "project = 3"]
)
def test_a_broken_pyproject_is_named(tree, text):
  with pytest.raises(InvalidRequirement, match=r"pyproject\.toml"):
    lines_of(tree({"pyproject.toml": text}))


def test_a_wrong_given_line_names_the_parameter():
  with pytest.raises(InvalidRequirement, match="requirements="):
    needed((), ("numpy==",))


@pytest.mark.parametrize(
  "line",
  [
    "x @ https://me:hunter2@example.com/x",
    "--index-url=https://me:hunter2@x.org",
  ],
)
def test_credentials_are_not_repeated_in_the_error(line):
  with pytest.raises(InvalidRequirement) as caught:
    normalize(line, "here")
  assert "hunter2" not in str(caught.value)


def test_an_address_may_name_a_variable():
  line = "x @ git+https://${TOKEN}@example.com/x.git"
  assert normalize(line, "here") == line


NAMES = st.from_regex(
  r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True
)
VERSIONS = st.from_regex(r"(==|>=|<|~=)[0-9]\.[0-9]{1,2}", fullmatch=True)


@given(
  entries=st.lists(st.tuples(NAMES, st.lists(VERSIONS, max_size=2))),
  random=st.randoms(use_true_random=False),
)
def test_any_order_of_valid_lines_gives_the_same(entries, random):
  lines = [f"{name} {','.join(versions)}" for name, versions in entries]
  shuffled = [*lines]
  random.shuffle(shuffled)

  def of(lines):
    text = "  # why\n".join(lines)
    return needed(parse(text, Path("/p/r.txt"), Path("/p"), read), ())

  assert of(lines) == of(shuffled)
  for line in of(lines):
    assert normalize(line, "again") == line
    assert Requirement(line).name in line


def test_a_backends_lines_yield_to_anybodys_of_that_name():
  found = needed(("jax==0.4",), ("keras>=3",), ("jax>=0.9", "pathwaysutils"))
  assert found == ("jax==0.4", "keras>=3", "pathwaysutils")
