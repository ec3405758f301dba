"""What would ship is told without doing it."""

from __future__ import annotations

import attrs

from keras_remote_core.builtin.packaging.preview import preview


def test_a_preview_counts_what_would_ship(tree, plan, monkeypatch):
  files = {f"f{n}.py": "x" * n for n in range(1, 8)}
  root = tree(files | {"requirements.txt": "numpy\n", ".env": "", "a.log": ""})
  (root / ".gitignore").write_text("*.log\n")
  monkeypatch.chdir(root)
  found = preview(attrs.evolve(plan, requirements=("keras",)), len)
  assert found.root == root
  assert found.files == 9
  assert found.size == sum(range(1, 8)) + len("numpy\n*.log\n")
  assert [size for _, size in found.largest] == [7, 6, 6, 6, 5]
  assert found.secrets == (".env",)
  assert found.requirements == ("keras", "numpy")


def test_a_preview_writes_nothing(tree, plan, monkeypatch, tmp_path):
  home = tmp_path / "keras-remote-home"
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(home))
  root = tree({"f.py": "", "setup.py": ""})
  monkeypatch.chdir(root)
  preview(plan, len)
  assert not home.exists()
  assert sorted(path.name for path in root.iterdir()) == ["f.py", "setup.py"]


def test_where_nothing_ships_the_preview_says_so(tree, plan, monkeypatch):
  home = tree({"f.py": ""}, "home")
  monkeypatch.setenv("HOME", str(home))
  monkeypatch.chdir(home)
  found = preview(attrs.evolve(plan, requirements=("keras",)), len)
  assert found.root is None
  assert found.files == 0
  assert found.requirements == ("keras",)
