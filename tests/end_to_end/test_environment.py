"""What of this environment reaches the job, when, and what never does."""

from __future__ import annotations

import stat

import pytest

import keras_remote
from keras_remote_core import places
from keras_remote_core.testing import detached

SECRET = "hush-4f1c9d"


def environ(*names):
  import os

  return [os.environ.get(name) for name in names]


def everything_written():
  """Every file of the store, the index and the backend, with its mode."""
  folders = (places.data_dir(), places.state_dir(), places.cache_dir())
  for folder in folders:
    for path in folder.rglob("*"):
      if path.is_file():
        yield path, path.read_bytes(), stat.S_IMODE(path.stat().st_mode)


def test_given_variables_are_set_before_anything_is_imported(python, script):
  script(
    """
    import os
    AT_IMPORT = os.environ.get("KERAS_BACKEND")
    """,
    "library.py",
  )
  script(
    """
    import keras_remote
    import library

    @keras_remote.run(backend="local", env={"KERAS_BACKEND": "jax"})
    def f():
      import library
      return library.AT_IMPORT

    print(library.AT_IMPORT, f())
    """
  )
  assert python("script.py").stdout == "None jax\n"


def test_variables_of_the_interpreter_itself_take_effect(remote):
  hashed = remote(lambda text: {text: hash(text)}, env={"PYTHONHASHSEED": "0"})
  assert hashed("a") == hashed("a")


def test_named_and_matching_variables_are_captured(remote, monkeypatch):
  monkeypatch.setenv("MY_SETTING", "one")
  monkeypatch.setenv("HF_HOME", "two")
  monkeypatch.setenv("OTHER", "three")
  read = remote(environ, capture_env_vars=["MY_SETTING", "HF_*"])
  assert read("MY_SETTING", "HF_HOME", "OTHER") == ["one", "two", None]


def test_a_pattern_takes_nothing_that_would_break_the_job(remote, monkeypatch):
  monkeypatch.setenv("PYTHONSTARTUP", "/absent")
  monkeypatch.setenv("PYTHONUNBUFFERED", "")
  read = remote(environ, capture_env_vars=["PYTHON*", "P*"])
  assert read("PYTHONSTARTUP") == [None]


def test_other_variables_of_this_process_do_not_leak_in(remote, monkeypatch):
  monkeypatch.setenv("STRAY_VARIABLE", "x")
  monkeypatch.setenv("KERAS_REMOTE_STORE", "")
  assert remote(environ)("STRAY_VARIABLE", "KERAS_REMOTE_KEY") == [None, None]


def test_a_missing_variable_is_said_before_anything_is_started(remote, stored):
  with pytest.raises(keras_remote.errors.UsageError, match="export ABSENT"):
    remote(environ, capture_env_vars=["ABSENT"])("ABSENT")
  assert not stored.exists()


@pytest.mark.parametrize(
  "parameters",
  [
    {"secrets": ["MY_SECRET"]},
    {"secrets": {"MY_SECRET": SECRET}},
    {"env": {"MY_SECRET": SECRET}},
    {"capture_env_vars": ["MY_*"]},
  ],
)
def test_secrets_reach_the_job_and_stand_nowhere(
  remote, monkeypatch, capfd, parameters
):
  monkeypatch.setenv("MY_SECRET", SECRET)

  def check(digest):
    import hashlib
    import os

    value = os.environ["MY_SECRET"]
    return hashlib.sha256(value.encode()).hexdigest() == digest

  import hashlib

  function = remote(check, **parameters)
  preview = function.plan()
  assert function(hashlib.sha256(SECRET.encode()).hexdigest()) is True
  shown = capfd.readouterr()
  told = (
    str(preview),
    repr(preview),
    str(preview.as_dict()),
    preview.manifests(),
    shown.out,
    shown.err,
    *map(repr, keras_remote.jobs()),
    *(each.why() for each in keras_remote.jobs()),
  )
  assert "MY_SECRET" in str(preview)
  assert not [text for text in told if SECRET in text]
  found = [
    path for path, data, _ in everything_written() if SECRET.encode() in data
  ]
  assert not found


def test_keys_stand_only_in_files_that_nobody_else_can_read(remote):
  job = remote(lambda: 1).submit()
  assert job.result() == 1
  key = job.backend.key(job.handle)
  holders = {
    path.name: mode
    for path, data, mode in everything_written()
    if key in data or key.hex().encode() in data
  }
  assert holders == {"key": 0o600, f"{job.id}.key": 0o600}


def test_the_function_finds_no_key_in_its_environment_or_arguments(remote):
  def look():
    import os
    import pathlib

    own = pathlib.Path("/proc/self")
    return (own / "environ").read_bytes() + (own / "cmdline").read_bytes(), [
      *os.environ
    ]

  job = remote(look).submit()
  seen, names = job.result()
  assert job.backend.key(job.handle).hex().encode() not in seen
  assert "KERAS_REMOTE_KEY" not in names


def test_user_values_may_not_replace_the_jobs_key():
  with pytest.raises(keras_remote.errors.InvalidSetting, match="belongs to"):
    keras_remote.run(backend="local", env={"KERAS_REMOTE_KEY": "0" * 64})(
      detached(environ)
    )()
