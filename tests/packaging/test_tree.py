"""What ships of a source tree, beyond what ignore files say."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from keras_remote_core.builtin.packaging.notes import Notes
from keras_remote_core.builtin.packaging.tree import survey
from keras_remote_core.errors import PackagingError


def shipped(root):
  return [each.path for each in survey(root, Notes()).entries]


def test_paths_come_in_one_order(tree):
  root = tree({"b/z.py": "", "a.py": "", "b.py": "", "b/a.py": ""})
  assert shipped(root) == ["a.py", "b.py", "b/a.py", "b/z.py"]


def test_version_control_caches_and_environments_stay_here(tree):
  root = tree(
    {
      "f.py": "",
      ".git/config": "",
      ".hg/x": "",
      "__pycache__/f.pyc": "",
      "web/node_modules/x.js": "",
      ".mypy_cache/x": "",
      "any-name/pyvenv.cfg": "",
      "any-name/lib/x.py": "",
      "conda/conda-meta/history": "",
      "conda/x.py": "",
    }
  )
  assert shipped(root) == ["f.py"]


def test_own_ignore_file_excludes_on_top_of_git(tree):
  root = tree(
    {
      "f.py": "",
      "a.log": "",
      "b.csv": "",
      ".gitignore": "*.log\n",
      ".kerasremoteignore": "*.csv\n.*ignore\n",
    }
  )
  assert shipped(root) == ["f.py"]


def test_own_ignore_file_brings_back_what_git_ignores(tree):
  root = tree(
    {
      "data/keep.csv": "",
      "data/other.csv": "",
      "node_modules/x.js": "",
      ".gitignore": "data/*\n",
      ".kerasremoteignore": "!data/keep.csv\n!node_modules/\n.*ignore\n",
    }
  )
  assert shipped(root) == ["data/keep.csv", "node_modules/x.js"]


def test_own_ignore_files_count_in_every_folder(tree):
  root = tree({"a/x": "", "a/y": "", "y": "", "a/.kerasremoteignore": "/y\n"})
  assert shipped(root) == ["a/.kerasremoteignore", "a/x", "y"]


def test_the_repositorys_rules_bind_a_project_further_down(tree):
  repository = tree(
    {
      ".git/config": "",
      ".gitignore": "*.ckpt\n/sub/out\n",
      "sub/f.py": "",
      "sub/big.ckpt": "",
      "sub/out/x": "",
      "sub/inner/out/x": "",
    }
  )
  assert shipped(repository / "sub") == ["f.py", "inner/out/x"]


def test_a_home_directory_under_git_says_nothing_of_projects(tree, monkeypatch):
  home = tree({".git/config": "", ".gitignore": "*\n", "p/f.py": ""}, "home")
  monkeypatch.setenv("HOME", str(home))
  assert shipped(home / "p") == ["f.py"]


def test_excluded_folders_are_not_entered(tree):
  root = tree({"f.py": "", "closed/x": "", ".gitignore": "closed/\n"})
  entered: list = []

  def listen(event, arguments):
    if event == "os.scandir" and listening:
      entered.append(arguments[0])

  listening = True
  # Hooks cannot be removed; this one falls silent.
  sys.addaudithook(listen)
  survey(root, Notes())
  listening = False
  assert entered == [str(root)]


def test_links_within_the_tree_stay_links(tree):
  root = tree({"a/f.py": "", "b/x": ""})
  (root / "b/relative").symlink_to("../a/f.py")
  (root / "b/absolute").symlink_to(root / "a/f.py")
  (root / "b/folder").symlink_to("../a")
  links = {e.path: e.link for e in survey(root, Notes()).entries if e.link}
  assert links == {
    "b/absolute": "../a/f.py",
    "b/folder": "../a",
    "b/relative": "../a/f.py",
  }


def test_a_link_to_a_file_elsewhere_ships_as_that_file(tree):
  root, other = tree({"f.py": ""}), tree({"shared.py": "12345"}, "other")
  (root / "shared.py").symlink_to(other / "shared.py")
  (entry,) = (e for e in survey(root, Notes()).entries if e.path == "shared.py")
  assert (entry.link, entry.size) == (None, 5)


def test_a_link_to_a_folder_elsewhere_is_left_out_and_told(tree):
  root, other = tree({"f.py": ""}), tree({"x": ""}, "other")
  (root / "data").symlink_to(other)
  found = survey(root, Notes())
  assert [each.path for each in found.entries] == ["f.py"]
  assert found.outside == ("data",)


def test_a_harmless_name_does_not_smuggle_a_secret_out(tree):
  root, other = tree({"f.py": ""}), tree({"id_rsa": "key"}, "other")
  (root / "settings.txt").symlink_to(other / "id_rsa")
  assert survey(root, Notes()).secrets == ("settings.txt",)


def test_circles_dangling_links_and_sockets_ship_nothing(tree, monkeypatch):
  root = tree({"f.py": ""})
  (root / "circle").symlink_to("circle")
  (root / "nowhere").symlink_to("not-there")
  (root / "up").symlink_to("..")
  os.mkfifo(root / "pipe")
  monkeypatch.chdir(root)  # the path of a socket has to be short
  with socket.socket(socket.AF_UNIX) as listening:
    listening.bind("socket")
    assert shipped(root) == ["f.py"]


def test_a_link_to_its_own_folder_does_not_trap_the_walk(tree):
  root = tree({"a/f.py": ""})
  (root / "a/again").symlink_to(".")
  assert shipped(root) == ["a/again", "a/f.py"]


def test_names_that_are_not_utf8_ship(tree):
  root = tree({"f.py": ""})
  (root / os.fsdecode(b"\xff.txt")).touch()
  assert len(survey(root, Notes()).entries) == 2
  assert survey(root, Notes()).fingerprint()


def test_skipped_folders_stay_here(tree):
  root = tree({"f.py": "", "store/blobs/x": ""})
  found = survey(root, Notes(), frozenset({str(root / "store")}))
  assert [each.path for each in found.entries] == ["f.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_folder_is_named_with_the_way_out(tree):
  root = tree({"closed/x": ""})
  (root / "closed").chmod(0)
  with pytest.raises(PackagingError, match=r"closed.*\n.*kerasremoteignore"):
    survey(root, Notes())


def test_a_folder_that_is_not_there_is_named(tree):
  root = tree({"f.py": ""})
  with pytest.raises(PackagingError, match="gone"):
    survey(root / "gone", Notes())


def test_the_largest_files_come_first(tree):
  root = tree({"a": "1", "b": "333", "c": "22"})
  assert survey(root, Notes()).largest(2) == (("b", 3), ("c", 2))
