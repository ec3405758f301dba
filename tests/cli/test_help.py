from __future__ import annotations

import pytest

from keras_remote_core import __version__

HEAVY = (
  "jax keras numpy cattrs cloudpickle rich pathspec tblib platformdirs"
  " google kubernetes pulumi"
).split()

CLOUD = """
from keras_remote_core import Provider, hookimpl

@hookimpl
def keras_remote_commands():
  yield Provider(
    name="up", summary="Make a cluster.", implementation="cloud_up:up"
  )
  yield Provider(
    name="doctor", summary="A rival.", implementation="cloud_up:up"
  )
"""

UP = """
import click
from keras_remote_core.errors import MissingCredentials

@click.command()
@click.option("--fail", is_flag=True)
def up(fail):
  if fail:
    raise MissingCredentials("nobody is signed in", remedy="sign in")
  click.echo("the cluster is up")
"""


@pytest.mark.parametrize("arguments", [["--help"], ["jobs", "--help"]])
def test_help_imports_no_library_of_any_weight_and_no_command(
  arguments, modules_after
):
  shown, modules = modules_after(*arguments)
  assert "Commands:" in shown
  assert modules.isdisjoint(HEAVY)
  assert "keras_remote_core.cli.run" not in modules
  assert "keras_remote_core.cli.jobs.listing" not in modules


def test_help_lists_a_plugins_command_without_importing_it(
  install, modules_after
):
  site = install("cloud", CLOUD)
  (site / "cloud_up.py").write_text(UP)
  shown, modules = modules_after("--help")
  assert "Make a cluster." in shown
  assert "cloud" in modules
  assert "cloud_up" not in modules


def test_a_plugins_command_runs_and_its_errors_become_exit_codes(install, cli):
  (install("cloud", CLOUD) / "cloud_up.py").write_text(UP)
  assert cli("up").stdout == "the cluster is up\n"
  failed = cli("up", "--fail", code=3)
  assert failed.stderr == "Error: nobody is signed in\n  fix: sign in\n"


def test_a_plugins_command_that_does_not_import_is_named(install, cli):
  install("cloud", CLOUD)
  failed = cli("up", code=3)
  assert "the command 'up'" in failed.stderr
  assert "cloud_up" in failed.stderr


def test_a_plugin_cannot_take_over_a_command_of_the_core(install, cli):
  (install("cloud", CLOUD) / "cloud_up.py").write_text(UP)
  assert "rival" not in cli("--help").stdout
  assert "--fix" in cli("doctor", "--help").stdout


def test_help_works_beside_a_plugin_that_does_not_import(install, cli):
  install("cloud", "raise ImportError('half installed')")
  assert "doctor" in cli("--help").stdout


def test_the_version_is_the_distributions(cli):
  assert cli("--version").stdout == f"keras-remote {__version__}\n"


@pytest.mark.parametrize(
  ("wrong", "right"),
  [
    (["plugin"], "plugins"),
    (["jobs", "lsit"], "list"),
    (["x"], "accelerators"),
  ],
)
def test_a_wrong_command_answers_with_the_nearest_right_ones(cli, wrong, right):
  assert right in cli(*wrong, code=2).stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_a_completion_script(cli, shell):
  script = cli("completion", shell).stdout
  assert "_KERAS_REMOTE_COMPLETE" in script
  assert f"{shell}_complete" in script


def test_a_shell_completes_commands_without_importing_them(
  install, modules_after, monkeypatch
):
  site = install("cloud", CLOUD)
  (site / "cloud_up.py").write_text("raise ImportError('not installed')")
  monkeypatch.setenv("_KERAS_REMOTE_COMPLETE", "bash_complete")
  monkeypatch.setenv("COMP_WORDS", "keras-remote ")
  monkeypatch.setenv("COMP_CWORD", "1")
  shown, modules = modules_after()
  offered = [line.partition(",")[2] for line in shown.split()]
  assert {"run", "jobs", "up"} <= set(offered)
  assert "keras_remote_core.cli.run" not in modules


@pytest.mark.parametrize(
  ("command", "extra"), [("pool", "infra"), ("image", "cloudbuild")]
)
def test_a_command_that_a_remedy_names_says_which_extra_brings_it(
  cli, command, extra
):
  refused = cli(command, "add", code=2).stderr
  assert f"the command {command!r} comes with a plugin" in refused
  assert f'fix: pip install "keras-remote[{extra}]"' in refused
