from __future__ import annotations

import sys

import pytest

from keras_remote_core import index


def refused(cli, target, *said):
  text = cli("plan", target, code=2).stderr
  for each in said:
    assert each in text
  return text


def test_a_function_of_a_module_is_found_from_its_folder(cli, folder):
  package = folder / "models"
  package.mkdir()
  (package / "__init__.py").touch()
  (package / "fit.py").write_text("def fit():\n  return __name__\n")
  assert cli("run", "models.fit:fit").stdout == "'models.fit'\n"


def test_a_script_imports_its_neighbours_from_any_folder(cli, folder):
  other = folder / "scripts"
  other.mkdir()
  (other / "near.py").write_text("WORD = 'found'\n")
  (other / "go.py").write_text("import near\n\ndef go():\n  return near.WORD\n")
  assert cli("run", "scripts/go.py:go").stdout == "'found'\n"


def test_a_script_is_imported_and_not_run_as_main(cli, folder):
  cli("plan", "train.py:train")
  assert sys.modules["train"].__name__ == "train"


def test_what_a_script_prints_when_imported_is_not_the_answer(cli, folder):
  (folder / "loud.py").write_text("print('hello')\ndef f(): return 1\n")
  done = cli("run", "loud.py:f")
  assert "hello" in done.stderr
  assert done.stdout.splitlines()[-1] == "1"
  assert "hello" not in cli("plan", "loud.py:f", "--json").stdout


def test_a_target_without_a_function_shows_how_to_write_one(cli, folder):
  refused(cli, "train.py", "'train.py'", "script.py:function")


def test_a_missing_file_answers_with_the_nearest(cli, folder):
  refused(cli, "trian.py:train", "there is no file trian.py", "'train.py'")


def test_a_missing_function_answers_with_the_nearest(cli, folder):
  refused(cli, "train.py:trian", "no function 'trian'", "write 'train'")


def test_a_missing_module_is_named(cli, folder):
  refused(cli, "no_such.module:f", "there is no module 'no_such.module'")


def test_an_import_that_fails_shows_the_users_traceback_only(cli, folder):
  (folder / "helper.py").write_text("import not_installed_at_all\n")
  (folder / "bad.py").write_text("import helper\n")
  text = refused(cli, "bad.py:f", "bad.py raises when imported")
  assert "No module named 'not_installed_at_all'" in text
  assert 'helper.py", line 1' in text
  assert 'bad.py", line 1' in text
  assert "keras_remote_core" not in text
  assert "importlib" not in text


def test_a_script_that_exits_when_imported_is_an_error(cli, folder):
  (folder / "stops.py").write_text("import sys\nsys.exit('missing --data')\n")
  refused(cli, "stops.py:f", "stops.py raises when imported", "missing --data")


def test_an_error_of_this_project_in_a_script_is_shown_as_its_text(cli, folder):
  (folder / "odd.py").write_text(
    "import keras_remote\n\n@keras_remote.run(acelerator='cpu')\ndef f(): ...\n"
  )
  text = refused(cli, "odd.py:f", "'acelerator'", "write 'accelerator'")
  assert "Traceback" not in text


@pytest.mark.parametrize("name", ["sys.py", "attrs.py", "v1.2.py"])
def test_a_script_whose_name_is_taken_must_be_renamed(cli, folder, name):
  (folder / name).write_text("def f(): ...\n")
  refused(cli, f"{name}:f", name, "rename it: mv")


def test_what_cannot_be_decorated_is_refused(cli, folder):
  (folder / "odd.py").write_text("class Model: ...\nRATE = 3\n")
  refused(cli, "odd.py:Model", "@run cannot decorate")
  refused(cli, "odd.py:RATE", "@run cannot decorate")


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_script_that_calls_when_imported_submits_nothing(
  cli, folder, command
):
  (folder / "calls.py").write_text(
    "import keras_remote\n"
    "@keras_remote.run\n"
    "def train():\n  return 1\n"
    "train()\n"
  )
  done = cli(command, "calls.py:train", code=2)
  assert "calls.py calls train when it is imported" in done.stderr
  assert not list(index.handles())
