"""Scripts get what they are given, whole, and nobody else sees it."""

from __future__ import annotations

import os
import shlex
import shutil
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_remote_core import shell
from keras_remote_core.errors import MachineError

# No shell variable holds a NUL, and half a surrogate pair is no text.
texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"))


@given(texts)
@settings(max_examples=30)
def test_any_text_reaches_the_script_as_it_is(text):
  assert shell.run(["sh"], 'printf %s "$given"', given=text) == text


@given(texts)
@settings(max_examples=30)
def test_any_text_can_be_exported(text):
  script = shell.exporting({"GIVEN": text, "OTHER": "1"})
  # A shell of its own has nothing but what was exported.
  printed = shell.run(["sh"], f"{script}\nsh -c 'printf %s \"$GIVEN\"'")
  assert printed == text


def test_variables_are_not_exported_even_where_they_were_before(monkeypatch):
  monkeypatch.setenv("given", "before")
  assert shell.run(["sh"], "env | grep ^given= || :", given="secret") == ""


def test_of_a_script_that_is_cut_off_nothing_runs(tmp_path):
  marker = tmp_path / "marker"
  short = "head -c 60 | sh"
  with pytest.raises(MachineError, match="sh failed"):
    shell.run(["sh", "-c", short], f"touch {marker}\n" + "# and so on\n" * 20)
  assert not marker.exists()


def test_what_a_machine_says_to_everybody_is_no_answer():
  talkative = ["sh", "-c", "echo welcome; exec sh"]
  assert shell.run(talkative, "echo yes") == "yes\n"


def test_a_machine_that_runs_something_else_is_told_of():
  with pytest.raises(MachineError, match="sh failed: menus only"):
    shell.run(["sh", "-c", "echo menus only"], "echo yes")


def test_what_a_script_leaves_running_is_in_a_session_of_its_own():
  code = "import os; print(os.getsid(0))"
  script = shlex.join([sys.executable, "-c", code])
  assert int(shell.run(["sh"], script)) != os.getsid(0)


@pytest.mark.parametrize(
  ("command", "said"),
  [
    (["sh"], "sh failed: no luck"),
    (["sh", "-c", "exit 3"], "sh failed: it said nothing"),
    (["no-such-program"], "no-such-program failed: "),
  ],
)
def test_a_script_that_fails_is_told_with_what_to_try(command, said):
  with pytest.raises(MachineError) as caught:
    shell.run(command, "echo no luck >&2; exit 1")
  assert caught.value.message.startswith(said)
  assert caught.value.remedy == (
    f"see to it that this works: echo true | {shlex.join(command)}"
  )


@pytest.mark.skipif(not shutil.which("ps"), reason="needs ps: install procps")
def test_neither_a_value_nor_the_script_is_in_a_list_of_processes():
  shown = shell.run(["sh"], "ps -ww -eo args; : not-shown", given="not-shown")
  assert "not-shown" not in shown
