"""Providers that say what they are, load, and have the verbs of their role."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keras_remote_core import doctor, roles, runner_archive
from keras_remote_core.plugins import Plugin
from keras_remote_core.providers import Provider, StoreProvider
from keras_remote_core.testing import fresh
from keras_remote_core.testing.packed_imports import foreign
from keras_remote_core.testing.plugin_part import Part, of_steps, providers

_ROLES: Mapping[str, type[Any]] = {
  "backend": roles.Backend,
  "image_builder": roles.ImageBuilder,
  "store": roles.ArtifactStore,
}


class Contents(Part):
  def test_every_provider_says_in_a_sentence_what_it_is(
    self, plugin: Plugin
  ) -> None:
    told = [provider.summary for _, provider in providers(plugin)]
    assert [text for text in told if not _one(text)] == []

  def test_every_implementation_loads(self, plugin: Plugin) -> None:
    loaded = {
      provider.implementation: _failure(provider)
      for _, provider in providers(plugin)
    }
    assert {name: why for name, why in loaded.items() if why} == {}

  def test_every_step_is_made_of_settings_and_a_context(
    self, plugin: Plugin
  ) -> None:
    for _, provider in of_steps(plugin):
      if not _failure(provider):
        inspect.signature(provider.load()).bind(None, None)

  def test_every_class_has_the_verbs_of_its_role(self, plugin: Plugin) -> None:
    missing = {
      f"{provider.name}.{verb}"
      for step, provider in of_steps(plugin)
      if step in _ROLES and not _failure(provider)
      for verb in _lacking(provider.load(), _ROLES[step])
    }
    assert missing == set()

  def test_every_command_is_one_of_clicks(self, plugin: Plugin) -> None:
    import click

    for provider in plugin.contributions.get("command", ()):
      if not _failure(provider):
        assert isinstance(provider.load(), click.Command), provider.name

  def test_what_a_job_gets_of_a_store_needs_nothing_but_python(
    self, plugin: Plugin, tmp_path: Path
  ) -> None:
    for _, provider in of_steps(plugin):
      if isinstance(provider, StoreProvider) and provider.remote is not None:
        runner = tmp_path / "runner.pyz"
        runner.write_bytes(runner_archive.pack(provider.remote).data)
        assert foreign(runner) == set(), provider.remote
        told, errors = fresh.answer(
          fresh.ALONE, str(runner), options=("-I", "-S")
        )
        assert told, errors or f"{provider.remote} has no connect(url)"

  def test_a_check_that_fails_says_what_helps(self, plugin: Plugin) -> None:
    found = doctor.examine(doctor.checks([plugin]), self.patience)
    helpless = [
      (each.check.provider.name, each.result.message)
      for each in found
      if not each.result.ok and not each.result.remedy
    ]
    assert helpless == []


def _one(text: str) -> bool:
  """Whether a text is one sentence on one line."""
  return (
    text.endswith(".")
    and text[:1] == text[:1].upper()
    and text.isprintable()
    and ". " not in text
  )


def _failure(provider: Provider[Any]) -> str:
  """Why an implementation does not load, or nothing."""
  try:
    loaded = provider.load()
  except Exception as error:
    return f"{type(error).__name__}: {error}"
  return "" if callable(loaded) else "it is not callable"


def _lacking(made: Any, role: type[Any]) -> list[str]:
  """The verbs that a class does not have; of a function nothing is known."""
  verbs = [name for name in vars(role) if not name.startswith("_")]
  if not isinstance(made, type):
    return []
  return [name for name in verbs if not callable(getattr(made, name, None))]
