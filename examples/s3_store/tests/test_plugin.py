"""The plugin is found, costs nothing until it is used, and sides agree."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import keras_remote_s3
import pytest
from hypothesis import strategies

from keras_remote_core import registry

PARTS = strategies.text(
  strategies.characters(codec="utf-8", exclude_characters="/\\"),
  min_size=1,
  max_size=12,
).filter(lambda part: part.isprintable() and part not in (".", ".."))
KEYS = strategies.lists(PARTS, min_size=1, max_size=3).map("/".join)


def test_the_plugin_is_found_by_its_entry_point(site):
  found = registry.installed().provider("store", "s3")
  assert found.remote == "keras_remote_s3.s3_remote"


def test_listing_plugins_loads_no_client(site):
  script = (
    "import sys; from keras_remote_core import registry;"
    "registry.installed(); import keras_remote_s3.s3_store;"
    "print(*sys.modules)"
  )
  done = subprocess.run(
    [sys.executable, "-c", script],
    capture_output=True,
    env={**os.environ, "PYTHONPATH": str(site)},
    text=True,
    check=True,
  )
  assert "keras_remote_s3.plugin" in done.stdout
  assert "obstore" not in done.stdout


def test_the_side_in_a_job_imports_the_standard_library_alone():
  folder = Path(keras_remote_s3.__file__).parent / "s3_remote"
  names = set()
  for path in folder.rglob("*.py"):
    for node in ast.walk(ast.parse(path.read_text())):
      if isinstance(node, ast.Import):
        names |= {alias.name.partition(".")[0] for alias in node.names}
      if isinstance(node, ast.ImportFrom) and node.level == 0:
        names.add(str(node.module).partition(".")[0])
  assert names <= sys.stdlib_module_names


@pytest.mark.parametrize("writes", ["client", "remote"])
@hypothesis.given(key=KEYS, data=strategies.binary(max_size=100))
@hypothesis.settings(
  max_examples=20,
  suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
def test_what_one_side_writes_the_other_finds(
  client, remote, writes, key, data
):
  sides = [client, remote] if writes == "client" else [remote, client]
  writer, reader = sides
  writer.write(key, data)
  assert reader.read(key) == data
  assert [each for each, *_ in reader.list(key)] == [key]
  reader.delete(key)
  assert not writer.exists(key)
