"""A new plugin works before anything of it is changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.cli import skeleton
from keras_remote_core.errors import UsageError

EXAMPLE = Path(__file__).parents[2] / "examples" / "third_party_backend"
SOME = "TestPlugin or value_comes_back or cancelled_job or another_process"


@pytest.fixture
def here(tmp_path, monkeypatch):
  monkeypatch.chdir(tmp_path)
  return tmp_path


def files_below(folder):
  return {
    str(path.relative_to(folder)): path.read_text()
    for path in folder.rglob("*")
    if path.is_file()
  }


def test_the_example_is_what_the_command_writes(cli, here):
  cli("plugins", "new", "ssh")
  written = files_below(here / "keras-remote-ssh")
  assert written == {
    path: (EXAMPLE / path).read_text() for path in skeleton.files("ssh")
  }


def test_a_new_plugin_passes_its_tests_at_once(cli, here, tmp_path_factory):
  done = cli("plugins", "new", "acme-cloud", "--folder", "mine")
  assert done.stdout.endswith(
    'next: cd mine && pip install -e ".[testing]" && pytest\n'
  )
  site = str(tmp_path_factory.mktemp("site"))
  pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
  subprocess.run(
    [*pip, "--no-build-isolation", "--target", site, "./mine"], check=True
  )
  tested = subprocess.run(
    [sys.executable, "-m", "pytest", "-q", "-W", "error", "-k", SOME],
    cwd="mine",
    env={**os.environ, "PYTHONPATH": site},
    capture_output=True,
    text=True,
  )
  assert tested.returncode == 0, tested.stdout
  assert "skipped" not in tested.stdout


def test_every_name_in_a_new_plugin_is_its_own(cli, here):
  cli("plugins", "new", "acme-cloud")
  written = files_below(here / "keras-remote-acme-cloud")
  assert "keras_remote_acme_cloud/backend.py" in written
  assert "@" not in "".join(written)
  for text in written.values():
    assert "keras_remote_ssh" not in text
    for token in ("@name@", "@module@", "@NAME@", "@Class@"):
      assert token not in text


@pytest.mark.parametrize(
  ("name", "fix"),
  [
    ("Acme Cloud", "write acme-cloud"),
    ("acme_cloud", "write acme-cloud"),
    ("-acme-", "write acme"),
    ("../acme", "write acme"),
    ("ACME7", "write acme7"),
    ("7", "choose another name"),
    ("日本", "choose another name"),
    ("local", "choose another name"),
    ("core", "choose another name"),
    ("runner", "choose another name"),
    ("builtin", "choose another name"),
  ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(
  cli, here, name, fix
):
  assert f"fix: {fix}\n" in cli("plugins", "new", "--", name, code=2).stderr
  assert not list(here.iterdir())


@given(st.text() | st.from_regex(r"[A-Za-z0-9 _-]+", fullmatch=True))
def test_a_name_in_place_of_a_wrong_one_is_right(name):
  try:
    skeleton.check_name(name, {})
  except UsageError as error:
    if error.remedy != "choose another name":
      skeleton.check_name(str(error.remedy).removeprefix("write "), {})


@pytest.mark.parametrize("taken", ["file", "folder"])
def test_nothing_is_ever_overwritten(cli, here, taken):
  there = here / "keras-remote-acme"
  if taken == "folder":
    there.mkdir()
    there /= "README.md"
  there.write_text("mine")
  failed = cli("plugins", "new", "acme", code=2)
  assert "--folder FOLDER" in failed.stderr
  assert there.read_text() == "mine"
  assert len(list(here.rglob("*"))) == (2 if taken == "folder" else 1)
