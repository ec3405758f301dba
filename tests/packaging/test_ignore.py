"""Ignore files mean here what they mean to git."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_remote_core.builtin.packaging import tree as trees
from keras_remote_core.builtin.packaging.notes import Notes

PATHS = (
  "a",
  "b.log",
  "keep/a",
  "keep/b.log",
  "keep/x.log/a",
  "build/a",
  "build/keep/a",
  "src/a",
  "src/build/b.log",
  "src/keep/deep/b.log",
  "foo/bar/baz",
  "foo/qux",
  "!odd",
  "#odd",
  "with space",
)

TABLE = {
  "a name matches at every depth": {".gitignore": "a\n"},
  "a leading slash anchors": {".gitignore": "/a\n/build\n"},
  "an inner slash anchors": {".gitignore": "src/build\nkeep/a\n"},
  "a trailing slash means folders": {".gitignore": "a/\nbuild/\n"},
  "stars stay within a folder": {".gitignore": "src/*.log\nfoo/*\n"},
  "two stars cross folders": {".gitignore": "src/**/b.log\n**/baz\n"},
  "below two stars is not the folder": {
    ".gitignore": "foo/**\n!foo/bar\n!foo/bar/**\n"
  },
  "what is in an excluded folder stays out": {
    ".gitignore": "build/\n!build/keep/\n!build/keep/a\n"
  },
  "contents can be brought back": {".gitignore": "/foo/*\n!/foo/bar\n"},
  "all but one folder": {".gitignore": "/*\n!/src\n!/.gitignore\n"},
  "the last line wins": {".gitignore": "*.log\n!b.log\nb.log\n"},
  "a folder's return does not return its files": {
    ".gitignore": "*.log\n!keep/\n"
  },
  "the inner file wins": {
    ".gitignore": "*.log\n",
    "src/.gitignore": "!*.log\n",
  },
  "inner folders' return does not return their files": {
    ".gitignore": "*.log\n",
    "src/.gitignore": "!keep/\n",
  },
  "an inner slash anchors to the inner file": {
    "src/.gitignore": "/a\n/keep/a\n"
  },
  "escapes and comments": {
    ".gitignore": "\\!odd\n\\#odd\n#a\n\nwith\\ space\n"
  },
  "trailing blanks do not count": {".gitignore": "a   \n"},
  "line ends of Windows": {".gitignore": "*.log\r\nbuild/\r\n"},
  "a byte order mark": {".gitignore": "\ufeffa\n"},
  "folders below two stars": {".gitignore": "keep/**/\n*/**/\n"},
  "ranges": {".gitignore": "[a-c]\n[!k]eep\nqu[xyz]\n"},
  "question marks": {".gitignore": "?\n???.log\n"},
  "every folder": {".gitignore": "*/\n!src/\n"},
  "broken lines": {".gitignore": "a\\\n[\n/\n//\n"},
}


def shipped(root: Path) -> set[str]:
  return {each.path for each in trees.survey(root, Notes()).entries}


@pytest.mark.parametrize("ignores", TABLE.values(), ids=TABLE)
def test_git_would_list_the_same_files(tree, git, ignores):
  root = tree(dict.fromkeys(PATHS, "") | ignores)
  git(root, "init", "-q")
  listed = git(root, "ls-files", "-z", "--others", "--exclude-standard")
  assert shipped(root) == set(listed.split("\0")) - {""}


def lines(*words: str) -> st.SearchStrategy[str]:
  part = st.sampled_from(words)
  pattern = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(part, min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/"]),
  )
  return st.lists(pattern, max_size=6).map("\n".join)


WORDS = ("a", "*", "**", "*.log", "keep", "build", "foo", "bar", "src", "k*")


@settings(max_examples=60, deadline=None)
@given(outer=lines(*WORDS), inner=lines(*WORDS))
def test_git_would_list_the_same_files_for_any_patterns(outer, inner):
  if shutil.which("git") is None:
    pytest.skip("git is not installed")
  with tempfile.TemporaryDirectory() as folder:
    root = _repository(Path(folder).resolve(), outer, inner)
    assert shipped(root) == _listed(root)


def _repository(root: Path, outer: str, inner: str) -> Path:
  for path in PATHS:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).touch()
  (root / ".gitignore").write_text(outer)
  (root / "src" / ".gitignore").write_text(inner)
  return root


def _listed(root: Path) -> set[str]:
  import subprocess

  run = ["git", "-C", str(root), "-c", "core.excludesFile=/dev/null"]
  subprocess.run([*run, "init", "-q"], check=True)
  done = subprocess.run(
    [*run, "ls-files", "-z", "--others", "--exclude-standard"],
    check=True,
    capture_output=True,
    text=True,
  )
  return set(done.stdout.split("\0")) - {""}
