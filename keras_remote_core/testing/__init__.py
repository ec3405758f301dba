"""What plugin authors test with: suites to subclass, fakes and builders.

    class TestMyPlugin(PluginConformance):
      name = "mine"

    class TestMyBackend(BackendConformance):
      capabilities = Capabilities(jobs=False)

      @pytest.fixture
      def plan(self):
        return testing.plan(backend="mine")

What is no backend is tested with the backend ``instant``, whose jobs are over
when they are submitted. The suites need pytest: ``pip install
"keras-remote[testing]"``.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
  from keras_remote_core.testing.artifact_stores import (
    ArtifactStoreConformance as ArtifactStoreConformance,
  )
  from keras_remote_core.testing.authenticators import (
    AuthenticatorConformance as AuthenticatorConformance,
  )
  from keras_remote_core.testing.backends import (
    BackendConformance as BackendConformance,
  )
  from keras_remote_core.testing.capabilities import (
    Capabilities as Capabilities,
  )
  from keras_remote_core.testing.functions import detached as detached
  from keras_remote_core.testing.image_builders import (
    ImageBuilderConformance as ImageBuilderConformance,
  )
  from keras_remote_core.testing.instant_backend import (
    InstantBackend as InstantBackend,
  )
  from keras_remote_core.testing.memory_store import MemoryStore as MemoryStore
  from keras_remote_core.testing.packagers import (
    PackagerConformance as PackagerConformance,
  )
  from keras_remote_core.testing.plugins import (
    PluginConformance as PluginConformance,
  )
  from keras_remote_core.testing.result_readers import (
    ResultReaderConformance as ResultReaderConformance,
  )
  from keras_remote_core.testing.values import context as context
  from keras_remote_core.testing.values import image_request as image_request
  from keras_remote_core.testing.values import plan as plan
  from keras_remote_core.testing.values import submission as submission

_HOMES = {
  "ArtifactStoreConformance": "artifact_stores",
  "AuthenticatorConformance": "authenticators",
  "BackendConformance": "backends",
  "Capabilities": "capabilities",
  "ImageBuilderConformance": "image_builders",
  "InstantBackend": "instant_backend",
  "MemoryStore": "memory_store",
  "PackagerConformance": "packagers",
  "PluginConformance": "plugins",
  "ResultReaderConformance": "result_readers",
  "context": "values",
  "detached": "functions",
  "image_request": "values",
  "plan": "values",
  "submission": "values",
}
_SUITES = {
  "ArtifactStoreConformance": (
    "store_failures",
    "store_objects",
    "store_prefixes",
    "store_races",
  ),
  "AuthenticatorConformance": ("authenticators",),
  "BackendConformance": (
    "backend_control",
    "backend_faults",
    "backend_runs",
  ),
  "ImageBuilderConformance": ("image_builds", "image_keys"),
  "PackagerConformance": ("packed_bundles", "packed_calls"),
  "PluginConformance": (
    "plugin_contents",
    "plugin_decisions",
    "plugin_loading",
    "plugin_settings",
  ),
  "ResultReaderConformance": ("result_readers",),
}

__all__ = [*_HOMES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
  if name not in _HOMES:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
  if name in _SUITES:
    _explain_failures(_SUITES[name])
  return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def _explain_failures(modules: Iterable[str]) -> None:
  """Has pytest rewrite the asserts of modules as it does in test files."""
  import pytest

  names = [f"{__name__}.{each}" for each in modules]
  pytest.register_assert_rewrite(*(n for n in names if n not in sys.modules))
