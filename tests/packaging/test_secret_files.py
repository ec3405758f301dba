"""Files that look secret stay here unless they are asked for."""

from __future__ import annotations

import json

import pytest

from keras_remote_core.builtin.packaging.notes import Notes
from keras_remote_core.builtin.packaging.tree import survey

NAMES = (
  ".env",
  ".env.production",
  ".envrc",
  "server.pem",
  "SERVER.PEM",
  "tls.key",
  "id_rsa",
  "id_rsa.old",
  "id_ed25519",
  "deep/down/.netrc",
)


def account(kind="service_account"):
  return json.dumps({"type": kind, "private_key": "x"}, indent=2)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_this_name_stays_here(tree, name):
  root = tree({"f.py": "", name: "x"})
  found = survey(root, Notes())
  assert [each.path for each in found.entries] == ["f.py"]
  assert found.secrets == (name,)


@pytest.mark.parametrize("name", ["environment.yml", "pem.txt", "id_rsa_io.py"])
def test_a_file_of_a_like_name_ships(tree, name):
  assert survey(tree({name: ""}), Notes()).secrets == ()


@pytest.mark.parametrize("kind", ["service_account", "authorized_user"])
def test_googles_credentials_are_known_by_their_content(tree, kind):
  root = tree({"config.json": '{"type": "model"}', "x.json": account(kind)})
  found = survey(root, Notes())
  assert [each.path for each in found.entries] == ["config.json"]
  assert found.secrets == ("x.json",)


def test_asking_for_a_file_by_name_ships_it(tree):
  root = tree(
    {".env": "", "x.json": account(), ".kerasremoteignore": "!.env\n!x.json\n"}
  )
  found = survey(root, Notes())
  assert {each.path for each in found.entries} >= {".env", "x.json"}
  assert found.secrets == ()


def test_git_cannot_ask_for_a_secret(tree):
  root = tree({".env": "", ".gitignore": ".*\n!.env\n"})
  assert survey(root, Notes()).secrets == (".env",)


def test_a_file_that_becomes_secret_is_noticed(tree):
  root = tree({"x.json": "{}"})
  notes = Notes()
  assert survey(root, notes).secrets == ()
  (root / "x.json").write_text(account())
  assert survey(root, notes).secrets == ("x.json",)
