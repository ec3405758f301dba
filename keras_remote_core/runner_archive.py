"""``runner.pyz``: the runner, cloudpickle and the store's remote side.

The same inputs give the same bytes, so that a mount can be named by content.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

_MAIN = """\
import sys

from keras_remote_runner.main import main

sys.exit(main(sys.argv[1:]))
"""
_IN_JOB = """\
from keras_remote_runner.inside import in_job, run


def __getattr__(name):
  raise AttributeError(f"keras_remote.{name} is not available inside a job")
"""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@frozen
class RunnerArchive:
  """The bytes of a ``runner.pyz`` and their digest (hex)."""

  data: bytes = field(repr=False)
  sha256: str


def pack(remote: str) -> RunnerArchive:
  """Packs the runner with a store's remote side.

  Args:
    remote: the dotted path of a module, or of a package whose modules import
      each other relatively: in the job it has another name.
  """
  members = {
    "__main__.py": _MAIN.encode(),
    "in_job/keras_remote/__init__.py": _IN_JOB.encode(),
    **dict(_renamed(remote, "keras_remote_store")),
    **dict(_package("keras_remote_runner")),
    **dict(_package("cloudpickle")),
  }
  data = _zip(members)
  return RunnerArchive(data, hashlib.sha256(data).hexdigest())


def _package(name: str) -> Iterator[tuple[str, bytes]]:
  return _renamed(name, name)


def _renamed(module: str, name: str) -> Iterator[tuple[str, bytes]]:
  """The files of a module or a package, under another name."""
  origin = _origin(module)
  if origin.name != "__init__.py":
    yield f"{name}.py", origin.read_bytes()
    return
  for path in origin.parent.rglob("*.py"):
    inside = path.relative_to(origin.parent).as_posix()
    yield f"{name}/{inside}", path.read_bytes()


def _origin(module: str) -> Path:
  spec = importlib.util.find_spec(module)
  if spec is None or spec.origin is None:
    raise ModuleNotFoundError(f"no source of {module} to pack")
  return Path(spec.origin)


def _zip(members: dict[str, bytes]) -> bytes:
  buffer = io.BytesIO()
  with zipfile.ZipFile(buffer, "w") as archive:
    for name in sorted(members):
      info = zipfile.ZipInfo(name, _LONG_AGO)
      archive.writestr(info, members[name], zipfile.ZIP_DEFLATED)
  return buffer.getvalue()
