"""``keras-remote image``, on a project that names no cluster's address."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

from keras_remote_cloudbuild.builder import CloudBuild
from keras_remote_core import registry
from keras_remote_core.cli.main import root

SCRIPT = """
import keras_remote

@keras_remote.run(backend="gke")
def train():
  pass

@keras_remote.run(backend="gke", container_image="prebuilt")
def plain():
  pass
"""


@pytest.fixture
def project(tmp_path, index, monkeypatch):
  """A project with a script, and nothing that answers."""
  del index
  folder = tmp_path / "project"
  folder.mkdir()
  (folder / "train.py").write_text(SCRIPT)
  (folder / "requirements.txt").write_text("keras==3.14.0\n")
  monkeypatch.chdir(folder)
  monkeypatch.setenv("KERAS_REMOTE_PROJECT", "emulated-project")
  monkeypatch.setattr(CloudBuild, "poll_interval", 0.02)
  monkeypatch.setattr(sys, "path", list(sys.path))
  registry.installed.cache_clear()
  yield folder
  registry.installed.cache_clear()
  sys.modules.pop("train", None)


@pytest.fixture
def cli(project):
  """Runs a command line and returns what it prints."""
  del project

  def run(*arguments, code=0):
    result = CliRunner().invoke(
      root, ["image", *arguments], prog_name="keras-remote"
    )
    assert result.exit_code == code, result.output
    return result

  return run


@pytest.fixture
def answered(cli, images):
  """The same, with everything that answers."""
  del images
  return cli


def shown(cli, *arguments):
  text = cli("show", "train.py:train", "--json", *arguments).stdout
  return json.loads(text)


def test_show_prints_the_tag_and_each_input_without_a_network(cli):
  told = cli("show", "train.py:train").stdout
  assert "/keras-remote/jobs/cpu:UNRESOLVED-" in told
  for name in ("base image", "python", "apt", "requirements", "dockerfile"):
    assert f"\n{name} " in told
  assert "keras==3.14.0" in told


def test_show_takes_another_accelerator(cli):
  plain, tpu = shown(cli), shown(cli, "--accelerator", "v6e-8")
  assert "/jobs/tpu:" in tpu["image"]
  assert tpu["image"] != plain["image"]
  assert "jax[tpu]" in tpu["inputs"]["requirements"]


def test_build_builds_once_and_show_knows_it(answered, images):
  assert shown(answered, "--remote")["digest"] is None
  reference = answered("build", "train.py:train").stdout.strip()
  again = answered("build", "train.py:train", "--json").stdout
  assert json.loads(again) == {"image": reference}
  assert len(images.builds.builds) == 1
  known = shown(answered, "--remote")
  assert reference.endswith(known["digest"])
  assert "UNRESOLVED" not in known["image"]
  assert f"exists         {known['digest']}" in (
    answered("show", "train.py:train", "--remote").stdout
  )


def test_show_says_what_changed_since_the_last_image(answered, project):
  answered("build", "train.py:train")
  assert shown(answered)["changes"] == []
  (project / "requirements.txt").write_text("keras==3.15.0\n")
  change = "image: requirements: keras==3.14.0 → keras==3.15.0"
  assert shown(answered)["changes"] == [change]
  plan = CliRunner().invoke(root, ["plan", "train.py:train"]).stdout
  assert f"note           {change}\n" in plan


@pytest.mark.parametrize("lock", [7, "of another form"])
def test_what_another_version_remembered_is_left_alone(answered, lock):
  from keras_remote_core import places

  answered("build", "train.py:train")
  (file,) = (places.state_dir() / "images").iterdir()
  file.write_text(json.dumps({**json.loads(file.read_text()), "lock": lock}))
  assert shown(answered)["changes"] == []


def test_upgrade_takes_what_is_newest_now(answered, project, index):
  (project / "requirements.txt").write_text("keras\n")
  answered("build", "train.py:train")
  index("keras==3.16.0")
  answered("build", "train.py:train")
  assert "keras==3.15.0" in shown(answered)["inputs"]["lock"]
  answered("build", "--upgrade", "train.py:train")
  assert "keras==3.16.0" in shown(answered)["inputs"]["lock"]


def test_list_shows_what_is_there(answered):
  assert json.loads(answered("list", "--json").stdout) == []
  answered("build", "train.py:train")
  (found,) = json.loads(answered("list", "--json").stdout)
  assert found["accelerator"] == "cpu"
  assert found["digest"].startswith("sha256:")


def test_prune_removes_what_nobody_used_for_long(answered, images, storage):
  answered("build", "train.py:train")
  assert "removed 0 images" in answered("prune", "--older-than", "1d").stdout
  images.registry.backdate(30)
  # Built long ago, and used just now.
  assert "removed 0 images" in answered("prune", "--older-than", "1d").stdout
  bucket = "emulated-project-keras-remote-keras-remote"
  for key in storage.objects(bucket):
    if key.startswith("images/uses/"):
      storage.remove(bucket, key)
  told = answered("prune", "--older-than", "1d", "--dry-run").stdout
  assert "would remove 1 images" in told
  assert images.registry.tags
  assert "removed 1 images" in answered("prune", "--older-than", "1d").stdout
  assert not images.registry.tags
  answered("build", "train.py:train")
  assert len(images.builds.builds) == 2


def test_prune_removes_what_builds_left_behind(answered, storage):
  answered("build", "train.py:train")
  told = answered("prune", "--older-than", "0.001s").stdout
  assert "and 2 files of builds" in told
  bucket = "emulated-project-keras-remote-keras-remote"
  left = {key.split("/")[1] for key in storage.objects(bucket)}
  assert left == {"locks"}


def test_an_image_that_is_not_built_is_told(cli):
  result = cli("show", "train.py:plain", code=2)
  assert "comes from prebuilt" in result.output


def test_help_imports_no_cloud_library(project):
  import subprocess

  script = (
    "import sys; from keras_remote_core.cli.main import root\n"
    "try: root(['image', '--help'])\n"
    "except SystemExit: pass\n"
    "print([m for m in sys.modules if m.startswith(('google.cloud', 'grpc'))])"
  )
  done = subprocess.run(
    [sys.executable, "-c", script],
    capture_output=True,
    text=True,
    cwd=project,
    check=True,
  )
  assert done.stdout.endswith("[]\n")
  assert "prune" in done.stdout
