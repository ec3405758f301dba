"""A value comes back, or it is said why not and where it is."""

from __future__ import annotations

import importlib
import pathlib
import sys

import numpy as np
import pytest

import keras_remote
from keras_remote_core.errors import ResultUnavailable
from keras_remote_runner import container


def returns_a_stranger():
  """An object of a module that only the job has."""
  import pathlib
  import sys

  pathlib.Path("stranger.py").write_text("class Stranger:\n  x = 42\n")
  sys.path.insert(0, str(pathlib.Path.cwd()))
  import stranger  # type: ignore[import-not-found]

  return stranger.Stranger()


@pytest.fixture
def befriend(tmp_path, monkeypatch):
  """Brings here the module that only the job has."""

  def install():
    folder = tmp_path / "installed"
    folder.mkdir()
    (folder / "stranger.py").write_text("class Stranger:\n  x = 42\n")
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()

  yield install
  sys.modules.pop("stranger", None)


def test_a_result_that_does_not_pickle_keeps_its_repr(remote):
  def handle():
    class Session:
      def __repr__(self):
        return "<Session to db1>"

      def __reduce__(self):
        raise TypeError("sessions do not travel")

    return Session()

  with pytest.raises(ResultUnavailable) as caught:
    remote(handle)()
  assert "Session, which does not pickle" in caught.value.message
  assert "sessions do not travel" in caught.value.message
  assert "its repr was: <Session to db1>" in caught.value.message
  assert "KERAS_REMOTE_OUTPUT_DIR" in str(caught.value.remedy)


def test_a_result_without_even_a_repr_is_still_answered_for(remote):
  def handle():
    class Hopeless:
      def __repr__(self):
        raise RuntimeError

      def __reduce__(self):
        raise TypeError("never")

    return Hopeless()

  with pytest.raises(ResultUnavailable, match=r"repr\(\) raised RuntimeError"):
    remote(handle)()


def test_a_result_of_an_absent_module_is_kept_and_read_later(remote, befriend):
  job = remote(returns_a_stranger).submit()
  with pytest.raises(ResultUnavailable) as caught:
    job.result()
  assert "the module 'stranger', which is not installed" in str(caught.value)
  assert caught.value.remedy
  assert caught.value.remedy.startswith("install stranger, then")
  befriend()
  assert caught.value.path
  assert container.load(pathlib.Path(caught.value.path)).x == 42
  assert keras_remote.attach(job.id).result().x == 42


def test_a_result_that_cannot_be_rebuilt_here_is_kept(remote):
  def answer():
    import os

    class Local:
      def __reduce__(self):
        return int, ("not a number",)

    return os.getpid(), Local()

  with pytest.raises(ResultUnavailable, match="ValueError") as caught:
    remote(answer)()
  assert caught.value.path
  assert caught.value.path in str(caught.value)


def test_a_result_is_there_as_often_as_it_is_asked_for(remote):
  job = remote(lambda: {"loss": 0.5}).submit()
  assert job.result() == job.result() == {"loss": 0.5}
  assert keras_remote.attach(job.id).result() == {"loss": 0.5}


def test_arrays_of_a_result_can_be_written_to_without_changing_it(remote):
  job = remote(lambda n: np.zeros(2 * n)).submit(50_000)
  job.result()[:] = 1
  assert job.result().sum() == 0


def test_what_is_written_to_the_output_folder_is_kept(remote, stored):
  def save():
    import os
    import pathlib

    folder = pathlib.Path(os.environ["KERAS_REMOTE_OUTPUT_DIR"])
    (folder / "deep").mkdir()
    (folder / "deep" / "model.bin").write_bytes(b"weights")
    (folder / "empty").touch()

  job = remote(save).submit()
  assert job.result() is None
  kept = stored / "outputs" / job.id
  assert (kept / "deep/model.bin").read_bytes() == b"weights"
  assert (kept / "empty").read_bytes() == b""
  job.delete()
  assert (kept / "deep/model.bin").exists()
  assert not (stored / "jobs" / job.id).exists()


def test_outputs_are_kept_when_the_function_fails(remote, stored):
  def save():
    import os
    import pathlib

    folder = pathlib.Path(os.environ["KERAS_REMOTE_OUTPUT_DIR"])
    (folder / "checkpoint").write_text("step 7")
    raise ValueError("diverged")

  job = remote(save).submit()
  with pytest.raises(ValueError, match="diverged"):
    job.result()
  kept = stored / "outputs" / job.id / "checkpoint"
  assert kept.read_text() == "step 7"


def test_the_working_directory_is_the_projects(remote, script):
  script("learning_rate: 0.1", "configs/train.yaml")
  read = remote(lambda path: open(path).read())  # noqa: SIM115
  assert read("configs/train.yaml") == "learning_rate: 0.1"
