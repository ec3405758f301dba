"""The source tree is laid out again, and nothing lands beside it."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile

import pytest

from keras_remote_runner import source


def archive(path, members):
  with tarfile.open(path, "w:gz") as tar:
    for name, (kind, content) in members.items():
      info = tarfile.TarInfo(name)
      info.type = kind
      info.size = len(content) if kind == tarfile.REGTYPE else 0
      info.linkname = "" if kind == tarfile.REGTYPE else content
      data = content if kind == tarfile.REGTYPE else b""
      tar.addfile(info, io.BytesIO(data))
  return path


def test_a_tree_is_unpacked(tmp_path):
  packed = archive(
    tmp_path / "a.tar.gz", {"pkg/m.py": (tarfile.REGTYPE, b"x = 1")}
  )
  source.unpack(packed, tmp_path / "tree")
  assert (tmp_path / "tree/pkg/m.py").read_bytes() == b"x = 1"


@pytest.mark.parametrize(
  "member",
  [
    ("../beside", tarfile.REGTYPE, b"x"),
    ("link", tarfile.SYMTYPE, "../../outside"),
    ("link", tarfile.SYMTYPE, "/etc/passwd"),
    ("device", tarfile.CHRTYPE, ""),
  ],
)
def test_nothing_leaves_the_tree(tmp_path, member):
  name, kind, content = member
  packed = archive(tmp_path / "a.tar.gz", {name: (kind, content)})
  with pytest.raises(tarfile.FilterError):
    source.unpack(packed, tmp_path / "tree")
  assert not (tmp_path / "beside").exists()


def test_its_folders_are_importable_and_the_working_directory_is_made(
  tmp_path,
):
  (tmp_path / "src").mkdir()
  (tmp_path / "src/mine.py").write_text("x = 42")
  code = (
    "import os, sys; from pathlib import Path;"
    "from keras_remote_runner import source;"
    "source.enter(Path(sys.argv[1]), ['src', '.'], 'jobs/deep');"
    "import mine; print(mine.x, os.getcwd())"
  )
  done = subprocess.run(
    [sys.executable, "-c", code, tmp_path],
    capture_output=True,
    text=True,
    check=True,
  )
  assert done.stdout.split() == ["42", str(tmp_path / "jobs/deep")]
