"""What cannot work is said before anything is started, with the fix."""

from __future__ import annotations

import errno
import subprocess
from typing import Any, cast

import pytest

import keras_remote
from keras_remote_core import errors, places
from keras_remote_core.testing import detached

ROOM = 4 << 20


def nothing_was_started():
  return not (places.state_dir() / "local").exists()


@pytest.mark.parametrize(
  ("parameters", "error", "message", "remedy"),
  [
    (
      {"backend": "locl"},
      errors.UnknownProvider,
      "no installed plugin provides the backend 'locl'",
      "write 'local'",
    ),
    (
      {"backend": "example-cloud"},
      errors.UnknownProvider,
      "'example-cloud'",
      "local",
    ),
    (
      {"accelerator": "v6e-9"},
      errors.UnknownAccelerator,
      "v6e",
      None,
    ),
    ({"accelerator": "h1000"}, errors.UnknownAccelerator, "h1000", None),
    (
      {"timeout": "soon"},
      errors.InvalidSetting,
      "timeout",
      None,
    ),
    (
      {"env": {"NOT A NAME": "1"}},
      errors.InvalidSetting,
      "NOT A NAME",
      None,
    ),
    (
      {"requirements": ["numpy=="]},
      errors.InvalidRequirement,
      "numpy==",
      None,
    ),
    (
      {"store": "nowhere://x"},
      errors.UnknownProvider,
      "'nowhere'",
      None,
    ),
  ],
)
def test_a_wrong_value_is_named_with_what_helps(
  parameters, error, message, remedy
):
  function = keras_remote.run(**parameters)(detached(abs_of))
  with pytest.raises(error) as caught:
    function(1)
  assert message in str(caught.value)
  assert remedy is None or remedy in str(caught.value.remedy)
  assert nothing_was_started()


def abs_of(x):
  return abs(x)


@pytest.mark.parametrize(
  ("name", "remedy"),
  [
    ("acelerator", "write 'accelerator'"),
    ("tiemout", "write 'timeout'"),
    ("reservation", 'pip install "keras-remote[gke]"'),
  ],
)
def test_an_unknown_parameter_is_refused_where_it_is_written(name, remedy):
  with pytest.raises(errors.UnknownParameter, match=name) as caught:
    keras_remote.run(**cast(Any, {name: 1}))
  assert caught.value.remedy == remedy


def test_an_unwritable_store_is_told_before_anything_starts(remote, tmp_path):
  (tmp_path / "file").touch()
  url = (tmp_path / "file" / "store").as_uri()
  with pytest.raises(errors.StoreError, match=r"cannot .* the store") as caught:
    remote(lambda: 1, store=url)()
  assert url in caught.value.message
  assert "KERAS_REMOTE_STORE" in str(caught.value.remedy)
  assert nothing_was_started()


def test_a_missing_argument_is_told_where_it_is_missed(remote):
  with pytest.raises(TypeError, match="missing a required argument"):
    remote(abs_of)()


@pytest.fixture
def small_disk(tmp_path):
  """A folder with room for a few megabytes."""
  folder = tmp_path / "small"
  folder.mkdir()
  mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder]
  if subprocess.run(mount, capture_output=True, check=False).returncode:
    pytest.skip("mounting a small disk is not permitted here")
  yield folder
  subprocess.run(["umount", "-l", folder], check=True)


def test_a_store_that_is_full_already_is_told_before_anything_starts(
  remote, small_disk
):
  with pytest.raises(errors.StoreError) as caught:
    remote(abs_of, store=small_disk.as_uri())(bytes(2 * ROOM))
  assert "No space left on device" in caught.value.message
  assert nothing_was_started()


def test_a_store_that_a_result_does_not_fit_into_is_told(remote, small_disk):
  job = remote(lambda n: b"x" * n, store=small_disk.as_uri()).submit(2 * ROOM)
  with pytest.raises(errors.JobFailed) as caught:
    job.result()
  assert "No space left on device" in str(caught.value)


def test_output_that_the_store_has_no_room_for_ends_no_job(remote, small_disk):
  def flood(lines):
    import sys

    sys.stdout.writelines(f"{number:01023}\n" for number in range(lines))
    return "finished"

  job = remote(flood, store=small_disk.as_uri()).submit(2 * ROOM >> 10)
  assert job.result() == "finished"
  numbers = [int(line.text) for line in job.logs()]
  assert numbers == list(range(len(numbers)))
  assert numbers


def test_a_job_without_room_for_its_result_says_so(
  remote, small_disk, monkeypatch, tmp_path
):
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(small_disk))
  url = (tmp_path / "store").as_uri()
  job = remote(lambda n: b"x" * n, store=url).submit(2 * ROOM)
  with pytest.raises(errors.JobFailed, match="no room") as caught:
    job.result()
  assert caught.value.reason == "DiskFull"


def test_an_exception_of_a_full_disk_is_the_functions_own(remote, small_disk):
  def fill(folder, size):
    import pathlib

    (pathlib.Path(folder) / "file").write_bytes(bytes(size))

  with pytest.raises(OSError, match="No space left") as caught:
    remote(fill)(str(small_disk), 2 * ROOM)
  assert caught.value.errno == errno.ENOSPC


def test_a_requirement_that_this_python_lacks_is_told_before_anything_starts(
  remote, stored
):
  job = remote(abs_of, requirements=["not-on-any-index>=1", "pytest"])
  with pytest.raises(errors.MissingModules, match="lacks not-on-any-index"):
    job(1)
  assert not (stored / "jobs").exists()


@pytest.mark.parametrize("value", ["/some/folder", "folder"])
def test_a_store_that_is_a_path_answers_with_its_url(remote, value):
  with pytest.raises(errors.InvalidSetting, match=r"write file:///.*folder"):
    remote(abs_of, store=value)(1)


def test_a_wrong_setting_says_where_it_is_set(remote, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_ACCELERATOR", "v99")
  with pytest.raises(errors.UnknownAccelerator, match="KERAS_REMOTE_ACCELER"):
    remote(abs_of)(1)


def test_what_cannot_be_decorated_is_named_with_its_place():
  def numbers():
    yield 1

  with pytest.raises(errors.UnsupportedFunction, match=r"test_bad_input.py:\d"):
    keras_remote.run(numbers)
