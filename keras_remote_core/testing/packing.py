"""A packager under test, with a project to pack."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from keras_remote_core import chosen, pipeline, reporting
from keras_remote_core.model import Bundle, Call, Environment, Plan
from keras_remote_core.registry import Registry
from keras_remote_core.roles import Packager
from keras_remote_core.testing import values
from keras_remote_core.testing.memory_store import MemoryStore

MODULE = "conformance_project"
_FILES = {
  f"{MODULE}/__init__.py": "",
  f"{MODULE}/helper.py": "def twice(number):\n  return 2 * number\n",
  f"{MODULE}/train.py": f"from {MODULE} import helper\n"
  "def train(number):\n  return helper.twice(number)\n",
}


@frozen
class Packing:
  """Packs calls, each as a submission of its own would."""

  plan: Plan
  home: Path
  project: Path

  def pack(
    self, function: Callable[..., Any], *args: Any, **kwargs: Any
  ) -> Bundle:
    return self.packed(Call(function=function, args=args, kwargs=kwargs))

  def packed(self, call: Call, **changes: Any) -> Bundle:
    """A bundle in a folder of its own; ``changes`` are to the plan."""
    folder = Path(tempfile.mkdtemp(dir=self.home))
    context = values.context(folder, MemoryStore())
    packager: Packager = chosen.make(self.plan.packager, context)
    return packager(call, evolve(self.plan, **changes))

  def carried(self, call: Call, secrets: Mapping[str, str]) -> bytes:
    """All that a bundle would put into the store."""
    bundle = self.packed(call, environment=Environment(secrets=secrets))
    return b"".join(blob.path.read_bytes() for blob in bundle.blobs)

  def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the call gives as a job."""
    call = Call(function=function, args=args, kwargs=kwargs)
    silent = reporting.Silent()
    return pipeline.submit(call, self.plan, Registry(()), silent).result()

  def of_project(self) -> Callable[..., Any]:
    """A function of the project that needs another module of it."""
    for path, text in _FILES.items():
      (self.project / path).parent.mkdir(exist_ok=True)
      (self.project / path).write_text(text)
    for name in [each for each in sys.modules if each.startswith(MODULE)]:
      del sys.modules[name]
    importlib.invalidate_caches()
    train: Callable[..., Any] = importlib.import_module(f"{MODULE}.train").train
    return train
