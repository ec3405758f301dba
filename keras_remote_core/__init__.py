"""What plugin authors import: hooks, providers, roles and values.

Attributes load on first use, so importing this package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
  from keras_remote_core.hookspecs import hookimpl as hookimpl
  from keras_remote_core.providers import BackendProvider as BackendProvider
  from keras_remote_core.providers import Fit as Fit
  from keras_remote_core.providers import FitRequest as FitRequest
  from keras_remote_core.providers import Provider as Provider
  from keras_remote_core.providers import Shape as Shape
  from keras_remote_core.providers import StoreProvider as StoreProvider
  from keras_remote_core.settings import setting as setting

_HOMES = {
  "hookimpl": "keras_remote_core.hookspecs",
  "BackendProvider": "keras_remote_core.providers",
  "Fit": "keras_remote_core.providers",
  "FitRequest": "keras_remote_core.providers",
  "Provider": "keras_remote_core.providers",
  "Shape": "keras_remote_core.providers",
  "StoreProvider": "keras_remote_core.providers",
  "setting": "keras_remote_core.settings",
}

__version__ = "0.1.0"
__all__ = ["__version__", *_HOMES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
  if name not in _HOMES:
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
  return getattr(importlib.import_module(_HOMES[name]), name)
