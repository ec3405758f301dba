"""The same tree always makes the same archive, and the job can unpack it."""

from __future__ import annotations

import hashlib
import os
import tarfile
from pathlib import Path

import pytest

from keras_remote_core.builtin.packaging.archive import write_archive
from keras_remote_core.builtin.packaging.notes import Notes
from keras_remote_core.builtin.packaging.tree import survey
from keras_remote_core.errors import PackagingError
from keras_remote_runner.source import unpack

FILES = {"a.py": "a = 1\n", "pkg/b.py": "b = 2\n", "pkg/data.bin": "x" * 9999}


@pytest.fixture
def archive(tmp_path):
  numbers = iter(range(100))

  def write(root):
    return write_archive(
      survey(root, Notes()), tmp_path / f"{next(numbers)}.tar.gz"
    )

  return write


def test_the_digest_is_the_files(tree, archive):
  blob = archive(tree(FILES))
  data = blob.path.read_bytes()
  assert blob.sha256 == hashlib.sha256(data).hexdigest()
  assert blob.size == len(data)


def test_times_owners_and_places_make_no_difference(tree, archive):
  first, second = tree(FILES), tree(dict(reversed(FILES.items())), "copy")
  os.utime(first / "a.py", (1, 1))
  (first / "a.py").chmod(0o600)
  assert archive(first).sha256 == archive(second).sha256


def test_content_names_and_the_right_to_execute_do(tree, archive):
  root = tree(FILES)
  digests = {archive(root).sha256}
  (root / "a.py").chmod(0o755)
  digests.add(archive(root).sha256)
  (root / "a.py").rename(root / "c.py")
  digests.add(archive(root).sha256)
  (root / "c.py").write_text("a = 2\n")
  digests.add(archive(root).sha256)
  assert len(digests) == 4


def test_the_job_unpacks_the_same_tree(tree, archive, tmp_path):
  root = tree(
    FILES
    | {
      "bin/run.sh": "#!/bin/sh",
      "größe.txt": "ü",
      "venv/pyvenv.cfg": "",
    }
  )
  (root / "bin/run.sh").chmod(0o755)
  (root / "link.py").symlink_to(root / "pkg/b.py")
  (root / "left-out").symlink_to("venv")
  (root / os.fsdecode(b"\xff")).touch()
  unpack(archive(root).path, tmp_path / "job")
  for path in ("a.py", "pkg/data.bin", "größe.txt", "link.py"):
    assert (tmp_path / "job" / path).read_bytes() == (root / path).read_bytes()
  assert os.access(tmp_path / "job/bin/run.sh", os.X_OK)
  assert (tmp_path / "job/link.py").readlink() == Path("pkg/b.py")
  assert len(list((tmp_path / "job").iterdir())) == 7


def test_an_empty_tree_is_an_empty_archive(tree, archive):
  with tarfile.open(archive(tree({})).path) as tar:
    assert tar.getnames() == []


def test_a_file_that_grows_meanwhile_is_cut_at_one_size(tree, tmp_path):
  root = tree({"log.txt": "123"})
  found = survey(root, Notes())
  (root / "log.txt").write_text("12345")
  blob = write_archive(found, tmp_path / "x.tar.gz")
  with tarfile.open(blob.path) as tar:
    assert tar.getmember("log.txt").size == 5


def test_a_file_that_goes_away_meanwhile_is_named(tree, tmp_path):
  root = tree({"gone.txt": ""})
  found = survey(root, Notes())
  (root / "gone.txt").unlink()
  with pytest.raises(PackagingError, match=r"gone\.txt"):
    write_archive(found, tmp_path / "x.tar.gz")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux only")  # noqa: PTH110
def test_a_full_disk_is_told_as_such(tree, tmp_path):
  target = tmp_path / "full"
  target.symlink_to("/dev/full")
  with pytest.raises(PackagingError, match="No space left"):
    write_archive(survey(tree(FILES), Notes()), target)
