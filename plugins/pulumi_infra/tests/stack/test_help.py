"""What looking at the commands costs."""

from __future__ import annotations

import pytest

from keras_remote_core import suggestions
from keras_remote_pulumi_infra import plugin

HEAVY = {"google", "grpc", "kubernetes", "pulumi", "pulumi_gcp", "requests"}
COMMANDS = ("up", "down", "status", "pool", "init")


def test_help_lists_the_commands_without_importing_pulumi(modules_after):
  shown, modules = modules_after("--help")
  assert all(f"  {each} " in shown for each in COMMANDS)
  assert modules.isdisjoint(HEAVY)
  assert "keras_remote_pulumi_infra.commands" not in modules


@pytest.mark.parametrize("command", [["up"], ["pool", "add"], ["init"]])
def test_the_help_of_a_command_takes_no_pulumi_either(command, modules_after):
  shown, modules = modules_after(*command, "--help")
  assert "--cluster" in shown
  assert modules.isdisjoint(HEAVY)


def test_who_lacks_these_commands_is_told_the_extra_that_brings_them():
  brought = suggestions.COMMANDS.items()
  told = {name for name, extra in brought if extra == "infra"}
  assert {each.name for each in plugin.keras_remote_commands()} == told
