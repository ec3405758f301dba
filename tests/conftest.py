"""The core is tested by itself, whatever else is installed beside it."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator

import pytest

from keras_remote_core import hookspecs, plugins, registry


@pytest.fixture(autouse=True)
def alone(hermetic: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
  """Leaves every installed plugin out, but the built-in one."""
  entries = importlib.metadata.entry_points(group=hookspecs.GROUP)
  others = {each.name for each in entries} - {plugins.BUILTIN}
  monkeypatch.setenv(registry.DISABLED, ",".join(sorted(others)))
  registry.installed.cache_clear()
  yield
  registry.installed.cache_clear()
