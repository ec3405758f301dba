from __future__ import annotations

import json

STORE = """
from attrs import frozen
from keras_remote_core import StoreProvider, hookimpl, setting

@frozen(kw_only=True)
class TapeSettings:
  drive: str = setting("st0", "the [drive] to use")
  pin: str | None = setting(None, "opens the drive", secret=True)

@hookimpl
def keras_remote_artifact_stores():
  yield StoreProvider(
    name="tape",
    summary="Reels of [tape].",
    implementation="nowhere:Tape",
    settings=TapeSettings,
  )
"""


def test_the_list_has_exactly_the_promised_keys(cli):
  (builtin,) = json.loads(cli("plugins", "list", "--json").stdout)
  assert list(builtin) == (
    ["name", "distribution", "version", "provides", "error"]
  )
  assert builtin["name"] == "builtin"
  assert builtin["distribution"] == "keras-remote"
  assert builtin["provides"]["backend"] == ["local"]
  assert "v6e" in builtin["provides"]["accelerator"]
  assert builtin["error"] is None


def test_a_broken_plugin_is_listed_with_its_error_beside_the_others(
  cli, install
):
  install("tape", STORE)
  install("broken", "import not_installed_at_all")
  found = {
    each["name"]: each
    for each in json.loads(cli("plugins", "list", "--json").stdout)
  }
  assert found["tape"]["provides"] == {"store": ["tape"]}
  assert found["tape"]["version"] == "1.5"
  assert "not_installed_at_all" in found["broken"]["error"]
  text = cli("plugins", "list").stdout
  assert "store tape" in text
  assert "not_installed_at_all" in text


def test_a_provider_is_shown_with_its_settings_and_their_sources(
  cli, install, monkeypatch
):
  install("reels", STORE)
  monkeypatch.setenv("KERAS_REMOTE_TAPE_DRIVE", "st1")
  monkeypatch.setenv("KERAS_REMOTE_TAPE_PIN", "1234")
  for name in ("reels", "tape"):
    found = json.loads(cli("plugins", "show", name, "--json").stdout)
    assert [each["distribution"] for each in found["plugins"]] == ["reels"]
    assert [each["name"] for each in found["providers"]] == ["tape"]
    drive, pin = found["settings"]
    assert (drive["value"], drive["origin"]) == (
      "st1",
      "KERAS_REMOTE_TAPE_DRIVE",
    )
    assert pin["value"] == "***"
  text = cli("plugins", "show", "tape").stdout
  assert "Reels of [tape]." in text
  assert "the [drive] to use" in text


def test_a_broken_plugin_can_be_shown(cli, install):
  install("broken", "1 / 0")
  assert "ZeroDivisionError" in cli("plugins", "show", "broken").stdout


def test_a_wrong_name_answers_with_the_nearest(cli):
  failed = cli("plugins", "show", "lcoal", code=2)
  assert "write 'local'" in failed.stderr


def test_accelerators_are_shown_by_family_and_by_name(cli):
  everything = json.loads(cli("accelerators", "--json").stdout)
  family = json.loads(cli("accelerators", "v6e", "--json").stdout)
  (one,) = json.loads(cli("accelerators", "v5litepod-8", "--json").stdout)
  assert len(everything) > len(family) > 1
  assert {each["family"] for each in family} == {"v6e"}
  assert (one["name"], one["chips"], one["hosts"]) == ("v5e-2x4", 8, 1)
  assert "v6e-4x4" in cli("accelerators", "v6e").stdout


def test_a_wrong_accelerator_answers_with_the_nearest(cli):
  assert "a100" in cli("accelerators", "a1000", code=2).stderr
