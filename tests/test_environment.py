from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.environment import capture
from keras_remote_core.errors import UsageError
from keras_remote_core.model import Environment
from keras_remote_core.settings import CoreSettings
from keras_remote_core.variables import is_credential

ENVIRON = {
  "HF_HOME": "/cache",
  "HF_TOKEN": "s3cret",
  "KERAS_BACKEND": "jax",
  "PATH": "/bin",
  "PYTHONPATH": "/src",
  "PLAIN": "1",
}


def captured(environ=ENVIRON, **settings):
  return capture(CoreSettings(**settings), environ)


def test_nothing_travels_unless_asked_for():
  assert captured() == Environment()


def test_names_and_patterns_are_captured_and_credentials_become_secrets():
  assert captured(capture_env_vars=("HF_*", "PLAIN")) == Environment(
    plain={"HF_HOME": "/cache", "PLAIN": "1"}, secrets={"HF_TOKEN": "s3cret"}
  )


def test_a_pattern_that_matches_nothing_is_fine():
  assert captured(capture_env_vars=("NOTHING_*",)) == Environment()


@pytest.mark.parametrize(
  "name",
  [
    *("PATH", "HOME", "PWD", "SHELL", "USER", "LOGNAME", "TMPDIR", "TERM"),
    *("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"),
    *("VIRTUAL_ENV", "CONDA_PREFIX", "SSH_AUTH_SOCK", "DISPLAY"),
    *("KERAS_REMOTE_PROJECT", "KERAS_REMOTE_KEY"),
    *("GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG"),
  ],
)
def test_a_pattern_never_takes_what_this_process_lives_on(name):
  environ = {name: "x", f"{name[0]}_MINE": "y"}
  taken = captured(environ, capture_env_vars=(f"{name[0]}*",))
  assert taken == Environment(plain={f"{name[0]}_MINE": "y"})


def test_a_name_takes_even_those():
  assert captured(capture_env_vars=("PATH",)).plain == {"PATH": "/bin"}


def test_a_pattern_leaves_names_out_that_no_container_accepts():
  environ = {"BASH_FUNC_f%%": "() {}", "BASH_X": "1"}
  assert captured(environ, capture_env_vars=("BASH_*",)).plain == {
    "BASH_X": "1"
  }


def test_given_values_win_over_captured_ones_and_need_not_be_set():
  made = captured(
    capture_env_vars=("PLAIN", "ABSENT"),
    env={"PLAIN": "2", "ABSENT": "3", "MY_API_KEY": "s3cret"},
  )
  assert made.plain == {"PLAIN": "2", "ABSENT": "3"}
  assert made.secrets == {"MY_API_KEY": "s3cret"}


def test_secrets_are_carried_as_secrets_whatever_their_names():
  assert captured(
    secrets=("PLAIN",), capture_env_vars=("PLAIN", "KERAS_BACKEND")
  ) == Environment(plain={"KERAS_BACKEND": "jax"}, secrets={"PLAIN": "1"})
  assert captured(secrets={"PLAIN": "given"}).secrets == {"PLAIN": "given"}


@pytest.mark.parametrize("parameter", ["capture_env_vars", "secrets"])
def test_names_that_are_not_set_are_all_told(parameter):
  with pytest.raises(UsageError, match=rf"{parameter} names A, B") as caught:
    captured(**{parameter: ("B", "PLAIN", "A")})
  assert caught.value.remedy == "export A=... B=..."


def test_secret_values_do_not_show():
  assert "s3cret" not in repr(captured(capture_env_vars=("HF_TOKEN",)))


@pytest.mark.parametrize(
  "name",
  [
    *("HF_TOKEN", "WANDB_API_KEY", "OPENAI_APIKEY", "db_password", "PGPASSWD"),
    *("CLIENT_SECRET", "SECRET_KEY_BASE", "AWS_ACCESS_KEY_ID", "API_KEYS"),
    *("APP_CREDENTIALS", "GITHUB_TOKEN_2", "TOKEN2"),
  ],
)
def test_names_of_credentials_are_recognised(name):
  assert is_credential(name)


@pytest.mark.parametrize(
  "name",
  [
    *("TOKENIZERS_PARALLELISM", "KEYBOARD", "MAX_TOKENS", "KERAS_BACKEND"),
    *("KEYRING_BACKEND", "SECRETARY", "XLA_FLAGS"),
  ],
)
def test_names_that_only_resemble_them_are_not(name):
  assert not is_credential(name)


@given(
  st.dictionaries(
    st.from_regex(r"[A-Z_]{1,6}", fullmatch=True),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
  )
)
def test_no_variable_is_both_plain_and_secret_and_none_is_lost(environ):
  made = captured(environ, capture_env_vars=tuple(environ))
  assert not made.plain.keys() & made.secrets.keys()
  assert {**made.plain, **made.secrets} == environ
