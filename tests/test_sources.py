from __future__ import annotations

import json
import tempfile

import pytest
from attrs import frozen

from keras_remote_core.errors import InvalidSetting, UsageError
from keras_remote_core.listing import rows
from keras_remote_core.resolving import resolve
from keras_remote_core.settings import CoreSettings, setting
from keras_remote_core.sources import gather


@frozen(kw_only=True)
class Service:
  token: str | None = setting(None, "a token", secret=True)


@pytest.fixture
def folder(tmp_path, monkeypatch):
  """A working directory three levels down, with no settings around."""
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path / "home"))
  inner = tmp_path / "a" / "b" / "c"
  inner.mkdir(parents=True)
  monkeypatch.chdir(inner)
  return inner


@pytest.fixture
def profiles(folder, tmp_path):
  path = tmp_path / "home" / "config" / "profiles.json"
  path.parent.mkdir(parents=True)
  content = {
    "active": "work",
    "profiles": {"work": {"project": "w"}, "play": {"project": "p"}},
  }
  path.write_text(json.dumps(content))
  return path


def project():
  resolved = resolve(CoreSettings, gather())
  return resolved.value.project, resolved.origins["project"]


def test_without_any_source_the_defaults_hold(folder):
  assert project() == (None, "default")


def test_the_nearest_pyproject_with_the_table_answers(folder):
  near = folder.parent / "pyproject.toml"
  far = folder.parent.parent / "pyproject.toml"
  far.write_text('[tool.keras-remote]\nproject = "far"')
  near.write_text('[tool.keras-remote]\nproject = "near"')
  (folder / "pyproject.toml").write_text('[project]\nname = "no table"')
  assert project() == ("near", str(near))


def test_the_active_profile_answers_before_pyproject(folder, profiles):
  (folder / "pyproject.toml").write_text('[tool.keras-remote]\nproject="t"')
  assert project() == ("w", "profile work")


def test_a_variable_chooses_the_profile_of_one_process(profiles, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_PROFILE", "play")
  assert project() == ("p", "profile play")


def test_a_profile_that_does_not_exist_answers_with_the_nearest(
  profiles, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_PROFILE", "wrk")
  with pytest.raises(InvalidSetting, match=r"_PROFILE.*'wrk'[\s\S]*'work'"):
    gather()


def test_the_environment_and_arguments_answer_before_files(
  profiles, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_PROJECT", "e")
  assert project() == ("e", "KERAS_REMOTE_PROJECT")
  assert resolve(CoreSettings, gather({"project": "a"})).value.project == "a"


@pytest.mark.parametrize(
  "content",
  ["[tool.keras-remote\n", "[tool]\nkeras-remote = 3\n", b"# keras-remote\xff"],
)
def test_a_pyproject_that_cannot_be_read_is_named(folder, content):
  path = folder / "pyproject.toml"
  path.write_bytes(content if isinstance(content, bytes) else content.encode())
  with pytest.raises(InvalidSetting, match=r"/c/pyproject\.toml"):
    gather()


def test_a_broken_pyproject_of_others_does_not_matter(folder):
  (folder / "pyproject.toml").write_text("[project\n")
  assert project() == (None, "default")


def test_every_setting_is_listed_with_its_value_and_source(
  profiles, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_SERVICE_TOKEN", "s3cret")
  arguments = {"env": {"A": "1", "API_KEY": "s3cret"}}
  listed = rows({None: CoreSettings, "service": Service}, gather(arguments))
  by_name = {(row.section, row.name): row for row in listed}
  assert by_name[None, "project"].origin == "profile work"
  assert by_name[None, "project"].variable == "KERAS_REMOTE_PROJECT"
  assert by_name[None, "env"].value == {"A": "1", "API_KEY": "***"}
  assert by_name[None, "secrets"].value == ()
  assert by_name["service", "token"].value == "***"
  assert by_name["service", "token"].help == "a token"
  assert "s3cret" not in repr(listed)


def test_the_search_ends_with_the_repository(folder):
  above = folder.parent.parent / "pyproject.toml"
  above.write_text('[tool.keras-remote]\nproject = "somebody else"')
  (folder.parent / ".git").mkdir()
  assert project() == (None, "default")


def test_folders_that_others_write_to_are_not_searched(folder, monkeypatch):
  above = folder.parent / "pyproject.toml"
  above.write_text('[tool.keras-remote]\nproject = "somebody else"')
  monkeypatch.setattr(tempfile, "tempdir", str(folder.parent))
  assert project() == (None, "default")


def test_a_working_directory_that_is_gone_is_said(folder):
  folder.rmdir()
  with pytest.raises(UsageError, match="no longer exists"):
    gather()
