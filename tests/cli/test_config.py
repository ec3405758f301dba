from __future__ import annotations

import json

import pytest


def shown(cli, key):
  records = json.loads(cli("config", "show", "--json").stdout)
  (record,) = [each for each in records if each["setting"] == key]
  return record["value"], record["origin"]


def test_show_tells_where_each_value_comes_from(cli, folder, monkeypatch):
  (folder / "pyproject.toml").write_text(
    '[tool.keras-remote]\nzone = "europe-west4-b"\n'
  )
  monkeypatch.setenv("KERAS_REMOTE_PROJECT", "mine")
  cli("config", "set", "cluster", "big")
  pyproject = str(folder / "pyproject.toml")
  assert shown(cli, "zone") == ("europe-west4-b", pyproject)
  assert shown(cli, "project") == ("mine", "KERAS_REMOTE_PROJECT")
  assert shown(cli, "cluster") == ("big", "profile default")
  assert shown(cli, "accelerator") == ("cpu", "default")
  assert shown(cli, "local.isolated") == (False, "default")


def test_show_is_aligned_text_in_a_pipe_and_masks_secrets(
  cli, folder, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_ENV", "API_KEY=hunter2,A=[/INST]")
  text = cli("config", "show").stdout
  assert "hunter2" not in text
  assert "A [/INST]" in text
  header, *lines = text.splitlines()
  column = header.index("ORIGIN")
  assert all(line[column - 1] == " " != line[column] for line in lines)


def test_the_first_value_makes_a_profile_and_says_so(cli, folder):
  done = cli("config", "set", "project", "mine")
  assert "'default' is now" in done.stderr
  assert done.stdout == "set project in profile default\n"
  assert cli("config", "set", "zone", "a").stderr == ""
  cli("config", "unset", "project")
  assert shown(cli, "project") == (None, "default")


def test_profiles_are_made_used_listed_and_removed(cli, folder):
  cli("config", "profile", "create", "work")
  cli("config", "profile", "create", "play")
  cli("config", "profile", "use", "work")
  cli("config", "set", "local.isolated", "yes")
  assert shown(cli, "local.isolated") == (True, "profile work")
  profiles = json.loads(cli("config", "profile", "list", "--json").stdout)
  assert profiles == [
    {"name": "work", "active": True, "settings": 1},
    {"name": "play", "active": False, "settings": 0},
  ]
  held = json.loads(cli("config", "profile", "show", "work", "--json").stdout)
  assert held == [{"setting": "local.isolated", "value": "yes"}]
  cli("config", "profile", "remove", "work")
  assert shown(cli, "local.isolated") == (False, "default")


def test_a_value_goes_to_the_profile_that_the_environment_names(
  cli, folder, monkeypatch
):
  cli("config", "profile", "create", "work")
  monkeypatch.setenv("KERAS_REMOTE_PROFILE", "work")
  assert "profile work" in cli("config", "set", "zone", "a").stdout
  assert shown(cli, "zone") == ("a", "profile work")


@pytest.mark.parametrize(
  ("arguments", "said"),
  [
    (["set", "projct", "x"], "write 'project'"),
    (["set", "timeout", "soon"], "positive duration"),
    (["set", "lcal.isolated", "yes"], "write 'local'"),
    (["set", "secrets", "A"], "may not stand in a file"),
    (["unset", "project"], "profile create default"),
    (["profile", "use", "nope"], "there is no profile 'nope'"),
    (["profile", "create", "a b"], "cannot be called 'a b'"),
  ],
)
def test_what_cannot_be_set_is_a_usage_error(cli, folder, arguments, said):
  assert said in cli("config", *arguments, code=2).stderr
