from __future__ import annotations

import stat

import pytest
from attrs import frozen

from keras_remote_core import profiles_file
from keras_remote_core.errors import (
  InvalidSetting,
  KerasRemoteError,
  UsageError,
)
from keras_remote_core.profiles import Profiles
from keras_remote_core.settings import CoreSettings, setting


@frozen(kw_only=True)
class Service:
  retries: int = setting(0, "how often to try again")
  token: str | None = setting(None, "a token", secret=True)


SECTIONS = {None: CoreSettings, "service": Service}


@pytest.fixture
def file(tmp_path, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path))
  return profiles_file.path()


def with_set(key, value, profiles=None):
  made = profiles or Profiles().create("work")
  return made.set("work", key, value, SECTIONS)


def test_a_saved_profile_is_loaded_again_and_only_its_owner_reads_it(file):
  made = with_set("service.retries", "3").use("work").create("play")
  profiles_file.save(made)
  assert profiles_file.load() == made
  assert stat.S_IMODE(file.stat().st_mode) == 0o600
  assert list(file.parent.iterdir()) == [file]


def test_without_a_file_there_are_no_profiles_and_none_is_made(file):
  assert profiles_file.load() == Profiles()
  assert not file.exists()


def test_a_link_to_the_file_stays_a_link(file, tmp_path):
  target = tmp_path / "dotfiles.json"
  file.parent.mkdir()
  file.symlink_to(target)
  profiles_file.save(Profiles().create("work"))
  assert file.is_symlink()
  assert list(profiles_file.load().profiles) == ["work"]


@pytest.mark.parametrize(
  "content",
  [
    *("", "{", "[]", "{}", '{"profiles": []}', '{"profiles": {"a": 1}}'),
    *('{"active": "b", "profiles": {}}', '{"active": [], "profiles": {}}'),
  ],
)
def test_a_corrupt_file_is_named_with_what_helps(file, content):
  file.parent.mkdir()
  file.write_text(content)
  with pytest.raises(InvalidSetting, match=r"profiles\.json[\s\S]*fix: "):
    profiles_file.load()


def test_a_file_that_cannot_be_written_is_named(file):
  file.parent.write_text("not a folder")
  with pytest.raises(KerasRemoteError, match=r"profiles\.json"):
    profiles_file.save(Profiles())


def test_a_failed_save_leaves_the_old_file_and_nothing_else(file):
  profiles_file.save(Profiles().create("work"))
  before = file.read_text()
  with pytest.raises(TypeError):
    profiles_file.save(Profiles(profiles={"work": {"x": object()}}))
  assert file.read_text() == before
  assert list(file.parent.iterdir()) == [file]


def test_a_setting_is_kept_as_it_was_typed():
  made = with_set("timeout", "90m", with_set("service.retries", "3"))
  assert made.show("work") == {"timeout": "90m", "service": {"retries": "3"}}


def test_unset_takes_back_one_setting():
  made = with_set("timeout", "90m", with_set("service.retries", "3"))
  assert made.unset("work", "timeout").show("work") == {
    "service": {"retries": "3"}
  }
  assert made.unset("work", "service.retries").show("work")["service"] == {}
  for key in ("project", "service.token", "absent.key"):
    with pytest.raises(InvalidSetting, match="work does not set"):
      made.unset("work", key)


@pytest.mark.parametrize(
  ("key", "value", "answer"),
  [
    ("timeout", "soon", r"timeout = 'soon' \(profile work\).*1h30m"),
    ("service.retries", "many", r"service\.retries = 'many'.*whole number"),
    ("projct", "p", r"'projct'[\s\S]*'project'"),
    ("service.retry", "1", r"'retry' of service[\s\S]*'retries'"),
    ("servce.retries", "1", r"'servce'[\s\S]*'service'"),
  ],
)
def test_a_setting_that_would_not_work_is_not_taken(key, value, answer):
  with pytest.raises(InvalidSetting, match=answer):
    with_set(key, value)


@pytest.mark.parametrize("key", ["secrets", "service.token"])
def test_secrets_are_not_kept_in_profiles(key):
  with pytest.raises(InvalidSetting, match="KERAS_REMOTE_") as caught:
    with_set(key, "s3cret")
  assert "s3cret" not in str(caught.value)


def test_the_active_profile_can_be_changed_and_given_up():
  made = Profiles().create("work").create("play").use("work")
  assert made.use("play").active == "play"
  assert made.use(None).active is None
  assert made.remove("work") == Profiles().create("play")
  assert made.remove("play").active == "work"


def test_profiles_that_do_not_exist_answer_with_the_nearest():
  made = Profiles().create("work")
  for act in (made.use, made.remove, made.show):
    with pytest.raises(InvalidSetting, match=r"'wrk'[\s\S]*'work'"):
      act("wrk")
  with pytest.raises(InvalidSetting, match="profile create work"):
    Profiles().use("work")


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", "work"])
def test_a_profile_needs_a_new_and_plain_name(name):
  with pytest.raises(UsageError, match="profile"):
    Profiles().create("work").create(name)
