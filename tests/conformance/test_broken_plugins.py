"""The suite notices each way a plugin can break its promises."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core.testing import PluginConformance

SUITE = PluginConformance
SOURCES = Path(__file__).parent / "acme"

UNUSABLE = {
  SUITE.test_it_is_found_and_can_be_used,
  SUITE.test_it_provides_something,
  SUITE.test_it_takes_no_name_of_another_plugin,
  SUITE.test_the_command_line_lists_it,
}
# The text that is replaced, what by, and the tests that must fail for it.
BROKEN: dict[str, tuple[str, str, set[Any]]] = {
  "nothing": ("", "", set()),
  "its import fails": (
    "import attrs",
    "import absent\nimport attrs",
    UNUSABLE,
  ),
  "a hook is misspelt": (
    "keras_remote_checks",
    "keras_remote_cheques",
    UNUSABLE,
  ),
  "it implements no hook": (
    "@hookimpl\n",
    "",
    {SUITE.test_it_provides_something},
  ),
  "another plugin has its name": (
    'name="acme",\n    summary="Disks',
    'name="file",\n    summary="Disks',
    {
      SUITE.test_it_takes_no_name_of_another_plugin,
      SUITE.test_the_command_line_lists_it,
    },
  ),
  "another plugin has its parameter": (
    "queue: str | None",
    "isolated: str | None",
    {
      SUITE.test_it_takes_no_name_of_another_plugin,
      SUITE.test_the_command_line_lists_it,
    },
  ),
  "it imports what is heavy": (
    "import attrs",
    "import numpy\nimport attrs",
    {SUITE.test_listing_it_imports_nothing_heavy},
  ),
  "it sets a variable": (
    "import attrs",
    'import os\nos.environ["ACME"] = "1"\nimport attrs',
    {SUITE.test_listing_it_does_nothing_else},
  ),
  "it prints": (
    "def fit",
    'print("Welcome to Acme")\ndef fit',
    {
      SUITE.test_listing_it_does_nothing_else,
      SUITE.test_the_command_line_lists_it,
    },
  ),
  "it starts a thread": (
    "def fit",
    "import threading\n"
    "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    "def fit",
    {SUITE.test_listing_it_does_nothing_else},
  ),
  "it says little of itself": (
    "Machines of Acme.",
    "machines",
    {SUITE.test_every_provider_says_in_a_sentence_what_it_is},
  ),
  "an implementation is not there": (
    "acme_parts:Store",
    "acme_parts:Shop",
    {SUITE.test_every_implementation_loads},
  ),
  "a step takes no settings": (
    "@click",
    "class Backend(Backend):\n"
    "  def __init__(self, context):\n"
    "    super().__init__(None, context)\n"
    "@click",
    {SUITE.test_every_step_is_made_of_settings_and_a_context},
  ),
  "a verb is missing": (
    "@click",
    "class Backend(Backend):\n  delete = None\n@click",
    {SUITE.test_every_class_has_the_verbs_of_its_role},
  ),
  "a command is none": (
    "@click.command()\n",
    "",
    {SUITE.test_every_command_is_one_of_clicks},
  ),
  "a job would need what is heavy": (
    "  return pathlib",
    "  import numpy\n  return pathlib",
    {SUITE.test_what_a_job_gets_of_a_store_needs_nothing_but_python},
  ),
  "a job could not connect": (
    "def connect(",
    "def open(",
    {SUITE.test_what_a_job_gets_of_a_store_needs_nothing_but_python},
  ),
  "a check leaves users alone": (
    ', remedy="call Acme"',
    "",
    {SUITE.test_a_check_that_fails_says_what_helps},
  ),
  "a check fails by itself": (
    "  return CheckResult",
    "  raise OSError\n  return CheckResult",
    {SUITE.test_a_check_that_fails_says_what_helps},
  ),
  "a check answers yes or no": (
    "  return CheckResult",
    "  return True\n  return CheckResult",
    {SUITE.test_a_check_that_fails_says_what_helps},
  ),
  "a setting must be given": (
    'setting(1, "how deep the queue is")',
    'attrs.field(metadata=setting(0, "how deep").metadata)',
    {SUITE.test_every_setting_has_a_default},
  ),
  "settings can be changed": (
    "@attrs.frozen(kw",
    "@attrs.define(kw",
    {SUITE.test_settings_cannot_be_changed},
  ),
  "a setting explains nothing": (
    "how deep the queue is",
    " ",
    {SUITE.test_every_setting_says_in_a_line_what_it_is},
  ),
  "a setting fails on a text": (
    'setting(1, "how deep the queue is")',
    'setting(1, "how deep", converter={1: 1, "1": 1}.__getitem__)',
    {SUITE.test_a_setting_takes_a_text_or_says_where_it_is_wrong},
  ),
  "a backend thinks in words": (
    "return Fit.WHEN_NAMED",
    'return "good"',
    {SUITE.test_a_backend_says_how_well_every_request_suits_it},
  ),
  "a backend changes its mind": (
    "return Fit.WHEN_NAMED",
    "global mind\n  mind = 3 - mind\n  return Fit(mind)\nmind = 1",
    {SUITE.test_a_backend_says_how_well_every_request_suits_it},
  ),
  "a backend refuses without help": (
    "return Shape()",
    'from keras_remote_core.errors import UsageError\n  raise UsageError("no")',
    {SUITE.test_a_backend_lays_out_every_job_that_suits_it},
  ),
  "a companion is unknown": (
    '"prebuilt"',
    '"acme"',
    {SUITE.test_a_backends_companions_are_installed},
  ),
  "a capability is unknown": (
    'frozenset({"secrets"})',
    'frozenset({"secret"})',
    {SUITE.test_a_backend_claims_what_there_is_to_claim},
  ),
}


@pytest.fixture
def install(tmp_path, monkeypatch):
  """Installs the plugin, with a text in it replaced."""
  folder = tmp_path / "site"
  metadata = folder / "acme-1.0.dist-info"
  metadata.mkdir(parents=True)
  (metadata / "METADATA").write_text(
    "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n"
  )
  (metadata / "entry_points.txt").write_text(
    "[keras_remote.v1]\nacme = acme_plugin\n"
  )
  monkeypatch.syspath_prepend(folder)
  monkeypatch.setenv("PYTHONPATH", str(folder))
  monkeypatch.setenv("ACME", "")

  def write(old, new):
    sources = {path.name: path.read_text() for path in SOURCES.glob("*.py")}
    assert any(old in text for text in sources.values())
    for name, text in sources.items():
      changed = text.replace(old, new) if old else text
      (folder / f"acme_{name}").write_text(changed)

  yield write
  for name in [each for each in sys.modules if each.startswith("acme_")]:
    del sys.modules[name]


def suite():
  class TestBroken(PluginConformance):
    name = "acme"

  return TestBroken


@pytest.mark.parametrize("what", BROKEN)
def test_exactly_the_tests_of_a_broken_promise_fail(what, install, failing):
  old, new, tests = BROKEN[what]
  install(old, new)
  assert failing(suite()) == {test.__name__ for test in tests}


def test_every_promise_has_a_plugin_that_breaks_it(tests_of):
  tried = {test.__name__ for _, _, tests in BROKEN.values() for test in tests}
  assert tests_of(SUITE) == tried
