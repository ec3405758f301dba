"""What the guide to a first job on a TPU shows is what the commands say."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

GUIDE = Path(__file__).parents[4] / "docs/guides/google-cloud.md"
SESSION = re.compile(
  r"test_guide\.py runs it -->\n```console\n\$ keras-remote (.*?)\n(.*?)```",
  re.DOTALL,
)
HERE = {
  "my-project": "emulated-project",
  "us-east5-b": "us-central1-a",
  "cluster keras-remote": "cluster emulated",
  " --install-pulumi": "",
}
"""What is called otherwise in the emulated project, or is there already."""


def test_what_the_guide_shows_is_what_the_commands_say(cloud, cli, request):
  up, pool = sessions()
  assert_shown(up, cli)
  assert cloud.names() == []
  request.getfixturevalue("made")
  assert_shown(pool, cli)


def sessions() -> list[tuple[str, str]]:
  """Each command that is shown with its output, and that output."""
  text = GUIDE.read_text()
  for there, here in HERE.items():
    text = text.replace(there, here)
  return SESSION.findall(text)


def assert_shown(session: tuple[str, str], cli) -> None:
  command, shown = session
  told = cli(*shlex.split(command)).stdout
  same = doctest.OutputChecker().check_output(shown, told, doctest.ELLIPSIS)
  assert same, f"{command}\n{told}\nis not\n{shown}"
