"""A tree of thousands of files costs a look, not a read, while unchanged."""

from __future__ import annotations

import json
import subprocess
import sys

FILES = 5_000

# Packs the working directory in a fresh process and tells, as JSON, which
# files below it were opened meanwhile, and the archive's digest.
PACK = """
import json, os, sys
from pathlib import Path

root, folder, cache = Path.cwd(), Path(sys.argv[1]), Path(sys.argv[2])
opened = []

def listen(event, arguments):
  if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
    path = os.path.abspath(os.fsdecode(arguments[0]))
    if path.startswith(f"{root}{os.sep}") or path.endswith("outside.py"):
      opened.append(path)

sys.addaudithook(listen)
from keras_remote_core.builtin.packaging.source import pack_source
blob = pack_source(root, folder / "source.tar.gz", cache).blob
print(json.dumps([opened, blob.sha256]))
"""


def pack(root, folder):
  folder.mkdir()
  command = [sys.executable, "-c", PACK, folder, folder.parent / "cache"]
  done = subprocess.run(command, cwd=root, capture_output=True, text=True)
  assert done.returncode == 0, done.stderr
  opened, digest = json.loads(done.stdout)
  return opened, digest


def test_the_second_look_at_5000_files_opens_none_of_them(tree, tmp_path):
  files = {f"package_{n // 100}/m{n}.py": f"x = {n}\n" for n in range(FILES)}
  files |= {
    ".gitignore": "*.log\n",
    "package_1/.gitignore": "*.tmp\n",
    "pyproject.toml": "[project]\ndependencies = ['numpy']\n",
    "requirements.txt": "-r more.txt\n",
    "more.txt": "numpy\n",
    "config.json": '{"type": "model"}',
  }
  root = tree(files)
  (root / "linked.py").symlink_to(
    tree({"outside.py": ""}, "elsewhere") / "outside.py"
  )
  first, digest = pack(root, tmp_path / "first")
  assert len(set(first)) >= FILES
  assert pack(root, tmp_path / "second") == ([], digest)
