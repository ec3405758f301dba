from __future__ import annotations

import json

import pytest

from keras_remote_core import places

CHECKS = """
import time
from pathlib import Path

from keras_remote_core import Provider, hookimpl
from keras_remote_core.errors import StoreError
from keras_remote_core.model import CheckResult

FILE = Path({file!r})

def good():
  return CheckResult(ok=True, message="all is [well]")

def raises():
  raise StoreError("the bucket is gone", remedy="make a bucket")

def crashes():
  return 1 / 0

def hangs():
  time.sleep(600)

def odd():
  return "fine"

def missing():
  if FILE.exists():
    return CheckResult(ok=True, message="there")
  return CheckResult(ok=False, message="no file", remedy="make it", fix=FILE.touch)

def stubborn():
  return CheckResult(ok=False, message="no", fix=lambda: 1 / 0)

@hookimpl
def keras_remote_checks():
  for name in {names!r}:
    yield Provider(
      name=name, summary="A check.", implementation=f"checked:{{name}}"
    )
"""


def examined(cli, *options, code=0):
  done = cli("doctor", "--json", *options, code=code)
  return {each["check"]: each for each in json.loads(done.stdout)}


def with_checks(install, *names, file="/nonexistent/file"):
  install("checked", CHECKS.format(names=names, file=str(file)))


def test_a_healthy_machine_passes_every_check(cli):
  found = examined(cli)
  named = {"python", "folders", "settings", "variables", "plugins", "store"}
  assert set(found) == named
  assert all(each["ok"] for each in found.values())
  assert (places.data_dir() / "store").as_uri() in found["store"]["message"]


@pytest.mark.parametrize(
  ("variable", "value", "said"),
  [
    ("KERAS_REMOTE_PROFILE", "absent", "absent"),
    ("KERAS_REMOTE_TIMEOUT", "soon", "KERAS_REMOTE_TIMEOUT"),
    ("KERAS_REMOTE_ACCELERATOR", "v99", "v99"),
    ("KERAS_REMOTE_STORE", "gs://bucket", "keras-remote[gke]"),
  ],
)
def test_a_setting_that_cannot_be_used_is_a_failed_check(
  cli, monkeypatch, variable, value, said
):
  monkeypatch.setenv(variable, value)
  found = examined(cli, code=1)["settings"]
  assert not found["ok"]
  assert said in f"{found['message']} {found['remedy']}"


def test_the_store_check_leaves_nothing_behind(cli):
  examined(cli)
  store = places.data_dir() / "store"
  assert not [path for path in store.rglob("*") if path.is_file()]


def test_every_plugins_checks_are_run_and_one_failure_exits_with_1(
  cli, install
):
  with_checks(install, "good", "raises", "crashes", "odd")
  found = examined(cli, code=1)
  assert found["good"]["ok"]
  assert found["good"]["plugin"] == "checked"
  assert found["raises"]["message"] == "the bucket is gone"
  assert found["raises"]["remedy"] == "make a bucket"
  assert found["crashes"]["message"] == "ZeroDivisionError: division by zero"
  assert "str" in found["odd"]["message"]
  assert found["store"]["ok"]


def test_a_check_that_hangs_fails_by_name_and_holds_up_nothing(cli, install):
  with_checks(install, "good", "hangs")
  found = examined(cli, "--limit", "3", code=1)
  assert found["hangs"]["message"] == "it did not answer within 3 s"
  assert found["good"]["ok"]


def test_the_table_has_remedies_and_no_markup_is_read_from_it(cli, install):
  with_checks(install, "good", "raises")
  lines = cli("doctor", code=1).stdout.splitlines()
  (good,) = [line for line in lines if line.startswith("good ")]
  (raised,) = [line for line in lines if line.startswith("raises ")]
  assert "all is [well]" in good
  assert raised.endswith("make a bucket")


def test_fix_applies_what_failed_checks_offer_and_looks_again(
  cli, install, tmp_path
):
  with_checks(install, "missing", file=tmp_path / "file")
  assert not examined(cli, code=1)["missing"]["ok"]
  assert not (tmp_path / "file").exists()
  assert examined(cli, "--fix")["missing"]["message"] == "there"


def test_a_fix_that_fails_says_so(cli, install):
  with_checks(install, "stubborn")
  found = examined(cli, "--fix", code=1)
  assert found["stubborn"]["message"] == (
    "no; its fix failed: ZeroDivisionError: division by zero"
  )


def test_a_broken_plugin_is_a_failed_check_with_what_helps(cli, install):
  install("broken", "1 / 0")
  found = examined(cli, code=1)
  assert "broken" in found["plugins"]["message"]
  assert "KERAS_REMOTE_DISABLED_PLUGINS=broken" in found["plugins"]["remedy"]


def test_folders_that_cannot_be_made_are_named(cli, tmp_path, monkeypatch):
  (tmp_path / "file").touch()
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path / "file"))
  found = examined(cli, code=1)
  assert str(tmp_path / "file" / "state") in found["folders"]["message"]
  assert "KERAS_REMOTE_HOME" in found["folders"]["remedy"]
  assert not found["store"]["ok"]


def test_a_misspelt_variable_is_named_with_what_was_meant(cli, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_ACELERATOR", "l4")
  found = examined(cli, code=1)["variables"]
  assert not found["ok"]
  assert "KERAS_REMOTE_ACELERATOR" in found["message"]
  meant = "rename KERAS_REMOTE_ACELERATOR to KERAS_REMOTE_ACCELERATOR"
  assert found["remedy"] == meant


def test_variables_of_plugins_that_are_not_here_are_nobodys_mistake(
  cli, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_QUANTUM_QUBITS", "7")
  assert examined(cli)["variables"]["ok"]
