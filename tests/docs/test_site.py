"""The site builds without a warning, and nothing of it comes from elsewhere."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from keras_remote_core import (
  hookspecs,
  plugins,
  registry,
  roles,
  settings,
  testing,
)
from keras_remote_core.cli.main import root
from keras_remote_core.cli.settings import every_section
from keras_remote_core.registry import Registry

ROOT = Path(__file__).parents[2]
NEEDED = ("material", "mkdocstrings", "keras_remote_gke", "keras_remote_gcp")
ABSENT = [each for each in NEEDED if find_spec(each) is None]
HOOKS = [name for name in vars(hookspecs) if name.startswith("keras_remote_")]
ROLES = [
  name
  for name, each in vars(roles).items()
  if isinstance(each, type) and each.__module__ == roles.__name__
]
SECTIONS = every_section(Registry(plugins.discover()))
SUITES = [
  name
  for name in testing.__all__
  if name.endswith("Conformance") and name != "PluginConformance"
]

pytestmark = pytest.mark.skipif(
  bool(ABSENT), reason=f"the group docs is not installed: {ABSENT}"
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
  """The site, built as strictly as MkDocs can: a dead link is an error."""
  folder = tmp_path_factory.mktemp("site")
  others = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("KERAS_REMOTE_")
  }
  done = subprocess.run(
    [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)],
    cwd=ROOT,
    env={**others, "KERAS_REMOTE_HOME": str(folder), "NO_COLOR": "1"},
    check=False,
    capture_output=True,
    text=True,
  )
  assert done.returncode == 0, done.stderr
  return folder


def test_the_site_builds_strictly(site):
  assert (site / "index.html").exists()


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_a_page_with_its_heading_and_its_example(site, hook):
  text = (site / "hooks" / hook / "index.html").read_text()
  assert f'<h1 id="{hook}">' in text
  assert "hookimpl" in text


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_on_a_page(site, role):
  pages = (path.read_text() for path in (site / "roles").rglob("*.html"))
  assert any(f'id="keras_remote_core.roles.{role}"' in text for text in pages)


@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_is_named_by_the_page_of_its_role(site, suite):
  pages = (path.read_text() for path in (site / "roles").rglob("*.html"))
  assert any(f"testing.{suite}<" in text for text in pages)


@pytest.mark.parametrize("name", testing.__all__)
def test_all_that_authors_test_with_is_in_the_reference(site, name):
  text = (site / "reference" / "testing" / "index.html").read_text()
  assert re.search(rf'id="keras_remote_core\.testing\.\w+\.{name}"', text)


@pytest.mark.parametrize("name", ["mixins.StoredStatus", "shell.run"])
def test_what_backends_stand_on_is_in_the_reference(site, name):
  text = (site / "reference" / "providers" / "index.html").read_text()
  assert f'id="keras_remote_core.{name}"' in text


def test_the_guide_shows_the_example_as_it_is(site):
  page = (site / "plugins" / "writing-a-plugin" / "index.html").read_text()
  shown = html.unescape(re.sub(r"<[^>]+>", "", page))
  example = ROOT / "examples" / "third_party_backend"
  for each in ("plugin.py", "settings.py", "backend.py", "machine.sh"):
    assert (example / "keras_remote_ssh" / each).read_text() in shown
  assert (example / "tests" / "test_conformance.py").read_text() in shown


@pytest.mark.parametrize("section", SECTIONS)
def test_every_setting_is_in_the_reference(site, section):
  text = (site / "reference" / "settings" / "index.html").read_text()
  _, found, rest = text.partition(f'<h2 id="{section or "the-core"}">')
  assert found
  part = rest.partition("<h2")[0]
  names = settings.fields(SECTIONS[section])
  assert not [each for each in names if f"<code>{each}</code>" not in part]


def test_every_command_has_a_heading(site, monkeypatch):
  monkeypatch.delenv(registry.DISABLED)
  text = (site / "reference" / "commands" / "index.html").read_text()
  commands = list(paths(root, "keras-remote"))
  assert {"keras-remote jobs why", "keras-remote pool add"} <= {*commands}
  assert not [each for each in commands if f">{each}<a" not in text]


def paths(command: click.Command, path: str) -> Iterator[str]:
  """A command and all below it, as they are typed."""
  yield path
  if isinstance(command, click.Group):
    context = click.Context(command)
    for name in command.list_commands(context):
      inner = command.get_command(context, name)
      assert inner is not None
      yield from paths(inner, f"{path} {name}")


@pytest.mark.parametrize("name", ["UnknownJob", "Tampered", "JobTimeout"])
def test_errors_are_told_with_what_they_say_and_what_helps(site, name):
  text = (site / "reference" / "errors" / "index.html").read_text()
  _, found, rest = text.partition(f'id="keras_remote_core.errors.{name}"')
  assert found
  assert "<th>what helps</th>" in rest.partition("<h3")[0]


def test_a_message_of_several_lines_is_one_row(site):
  text = (site / "reference" / "errors" / "index.html").read_text()
  assert "raises when imported" in text
  assert "<td>…</td>" not in text


def test_nothing_is_fetched_from_elsewhere(site):
  fetched = re.compile(r'<(?:script|link|img|iframe)\b[^>]*="(https?:)?//')
  pages = list(site.rglob("*.html"))
  assert pages
  assert not [page for page in pages if fetched.search(page.read_text())]


def test_the_same_sources_make_the_same_pages():
  script = "from generating import pages; print(dict(pages.every()))"
  told = {
    subprocess.run(
      [sys.executable, "-c", script],
      cwd=ROOT / "docs",
      env={**os.environ, "PYTHONHASHSEED": seed},
      check=True,
      capture_output=True,
    ).stdout
    for seed in ("1", "2")
  }
  assert len(told) == 1
