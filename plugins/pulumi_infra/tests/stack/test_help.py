"""What looking at the commands costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"google", "grpc", "kubernetes", "pulumi", "pulumi_gcp", "requests"}
COMMANDS = ("up", "down", "status", "pool", "init")


def modules_after(*arguments):
  """What a command line shows, and the top-level modules it has imported."""
  code = f"""
import sys
from keras_remote_core.cli.main import main
sys.argv = {["keras-remote", *arguments]!r}
try:
  main()
except SystemExit as stop:
  assert not stop.code, stop.code
sys.stderr.write(" ".join(sys.modules))
"""
  done = subprocess.run(
    [sys.executable, "-c", code], capture_output=True, text=True, check=True
  )
  return done.stdout, set(done.stderr.split())


def test_help_lists_the_commands_without_importing_pulumi():
  shown, modules = modules_after("--help")
  assert all(f"  {each} " in shown for each in COMMANDS)
  assert modules.isdisjoint(HEAVY)
  assert "keras_remote_pulumi_infra.commands" not in modules


@pytest.mark.parametrize("command", [["up"], ["pool", "add"], ["init"]])
def test_the_help_of_a_command_takes_no_pulumi_either(command):
  shown, modules = modules_after(*command, "--help")
  assert "--cluster" in shown
  assert modules.isdisjoint(HEAVY)
