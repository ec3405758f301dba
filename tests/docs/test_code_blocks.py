"""What the documentation shows runs, or says why it is not run.

A block below ``<!-- not run: REASON -->`` is skipped for that reason. Of the
others, Python runs as a script, or by pytest where it has a test, and with
``title="FILE"`` is that file for the other blocks of its page; ``console`` runs
and prints what is shown, where ``...`` stands for anything; ``bash`` is taken
apart and looked at.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from attrs import frozen
from markdown_it import MarkdownIt

from keras_remote_core import registry
from keras_remote_core.builtin import misspelt
from keras_remote_core.cli.main import root

ROOT = Path(__file__).parents[2]
PAGES = sorted(
  path
  for pattern in (
    "README.md",
    "docs/**/*.md",
    "plugins/*.md",
    "plugins/*/*.md",
    "examples/*/*.md",
  )
  for path in ROOT.glob(pattern)
)
NOT_RUN = re.compile(r"<!-- not run: (\S.*?) -->")
INCLUDED = re.compile(r'--8<-- "([^"]+)"\n')
AS_SHOWN = doctest.ELLIPSIS | doctest.DONT_ACCEPT_BLANKLINE
OURS = "keras-remote "
END = "--8<-- end of a command:"


@frozen(kw_only=True)
class Block:
  """A block of code on a page; ``reason`` says why it is not run."""

  page: Path
  line: int
  language: str
  title: str | None
  code: str
  reason: str | None

  def __str__(self) -> str:
    return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
  """The fenced blocks of a page, files that they include filled in."""
  before = ""
  for token in MarkdownIt().parse(page.read_text()):
    if token.type == "fence":
      assert token.map is not None
      language, _, rest = token.info.partition(" ")
      title = re.search(r'title="([^"]+)"', rest)
      reason = NOT_RUN.search(before)
      yield Block(
        page=page,
        line=token.map[0] + 1,
        language=language,
        title=title[1] if title else None,
        code=INCLUDED.sub(included, token.content),
        reason=reason[1] if reason else None,
      )
    before = token.content if token.type == "html_block" else ""


def included(found: re.Match[str]) -> str:
  return (ROOT / found[1]).read_text()


EVERY = [block for page in PAGES for block in blocks(page)]


def of(*languages: str) -> pytest.MarkDecorator:
  return pytest.mark.parametrize(
    "block", [each for each in EVERY if each.language in languages], ids=str
  )


@pytest.fixture(autouse=True)
def with_plugins(alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
  """What is shown, is shown of everything that is installed."""
  monkeypatch.delenv(registry.DISABLED)
  here = Path(sys.executable).parent
  monkeypatch.setenv("PATH", f"{here}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def folder(block: Block, tmp_path: Path) -> Path:
  """A folder with the files that the block's page shows."""
  if block.reason:
    pytest.skip(block.reason)
  for each in EVERY:
    if each.page == block.page and each.title:
      (tmp_path / each.title).write_text(each.code)
  return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
  return subprocess.run(
    command,
    cwd=folder,
    check=False,
    text=True,
    stdin=subprocess.DEVNULL,
    stdout=subprocess.PIPE,
    stderr=subprocess.STDOUT,
  )


def test_every_block_is_in_a_language_that_is_looked_at():
  known = {"python", "console", "bash", "toml", "text", ""}
  assert EVERY
  assert not [str(each) for each in EVERY if each.language not in known]


def test_every_file_that_a_page_includes_is_filled_in():
  marks = re.compile(r"^-- ?8 ?<", re.MULTILINE)
  assert not [str(each) for each in EVERY if marks.search(each.code)]


@of("python")
def test_python_runs(block, folder):
  if block.title:
    compile(block.code, block.title, "exec")
    return
  (folder / "block.py").write_text(block.code)
  runner = ["-m", "pytest"] if "\ndef test_" in block.code else []
  done = run(folder, sys.executable, *runner, "block.py")
  assert done.returncode == 0, done.stdout


@of("console")
def test_a_session_prints_what_is_shown(block, folder):
  shown = list(commands(block.code))
  script = "".join(f"{command}\necho '{END}' $?\n" for command, _ in shown)
  done = run(folder, "bash", "-c", script)
  printed = re.findall(rf"(.*?){END} (\d+)\n", done.stdout, re.DOTALL)
  for (command, wanted), (told, code) in zip(shown, printed, strict=True):
    failing = wanted.startswith("Error:")
    assert (code != "0") is failing, told
    same = doctest.OutputChecker().check_output(wanted, told, AS_SHOWN)
    assert same, f"$ {command}\n{told}\nis not\n{wanted}"


def commands(code: str) -> Iterator[tuple[str, str]]:
  """Each command of a session, and the output that is shown of it."""
  for part in re.split(r"^\$ ", code, flags=re.MULTILINE)[1:]:
    command, _, output = part.partition("\n")
    yield command, output


@of("bash")
def test_shell_commands_are_such_as_there_are(block, folder):
  for words in statements(block.code):
    assert words[0] in LOOKED_AT, f"say why {words[0]} is not run"
    LOOKED_AT[words[0]](words)


@of("bash", "console")
def test_our_commands_parse_also_where_they_are_not_run(block):
  code = block.code
  if block.language == "console":
    code = "\n".join(command for command, _ in commands(code))
  for words in statements(code):
    if words[0] == "keras-remote":
      parse(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_our_commands_exist_where_a_sentence_names_them(page):
  tokens = MarkdownIt("commonmark").enable("table").parse(page.read_text())
  for token in (inner for each in tokens for inner in each.children or ()):
    if token.type == "code_inline" and token.content.startswith(OURS):
      _, *words = shlex.split(token.content)
      command, _, _ = found(words)
      options = {o for each in command.params for o in each.opts}
      given = {each for each in words if re.match("--[a-z]", each)}
      assert given <= options | {"--help", "--version"}, token.content


def statements(code: str) -> Iterator[list[str]]:
  """The simple commands of a script, without comments."""
  for line in code.replace("\\\n", " ").splitlines():
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), "&&"]:
      if word != "&&":
        words.append(word.removesuffix(";"))
      elif words:
        yield words
        words = []


def parse(words: list[str]) -> None:
  """Raises where there is no such command, or no such option of it."""
  command, context, rest = found(words[1:])
  command.make_context(command.name, rest, parent=context)


def found(words: list[str]) -> tuple[click.Command, click.Context, list[str]]:
  """The command that some words name, and the words behind it."""
  command: click.Command = root
  context = click.Context(root, info_name="keras-remote")
  rest = words
  while isinstance(command, click.Group) and rest:
    name, *rest = rest
    inner = command.get_command(context, name)
    assert inner is not None, f"there is no command {name}"
    command = inner
  return command, context, rest


def check_install(words: list[str]) -> None:
  """Extras that are named have to exist."""
  project = tomllib.loads((ROOT / "pyproject.toml").read_text())
  hook = project["tool"]["hatch"]["metadata"]["hooks"]["custom"]
  for extras in re.findall(r"\[([\w,]+)\]", " ".join(words)):
    assert set(extras.split(",")) <= set(hook["optional-dependencies"])


def check_python(words: list[str]) -> None:
  if words[1] == "-m":
    check_install(words)
  else:
    assert (ROOT / words[1]).exists()


def check_variables(words: list[str]) -> None:
  """Variables of ours that are set have to be read by somebody."""
  named = {word.partition("=")[0] for word in words[1:]}
  ours = {each for each in named if each.startswith("KERAS_REMOTE_")}
  assert ours <= misspelt.known()


LOOKED_AT = {
  "keras-remote": parse,
  "pip": check_install,
  "python3": check_python,
  "export": check_variables,
}


@of("toml")
def test_toml_is_well_formed(block):
  tomllib.loads(block.code)
