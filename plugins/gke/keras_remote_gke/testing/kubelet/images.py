"""From an image's reference to the interpreter that stands in for it."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import frozen

_PYTHON = re.compile(r"(?:docker\.io/)?(?:library/)?python:(3\.\d+)[-\w.]*")
_HUB = "docker.io"
_PATHWAYS = re.compile(
  r"us-docker\.pkg\.dev/cloud-tpu-v2-images/pathways/"
  r"(?:proxy_)?server:(?:\d{8}-)?jax[-_]\d+\.\d+\.\d+"
)
_STAND_IN = Path(__file__).with_name("stand_in.py")

Finder = Callable[[str], "str | Path | None"]


@frozen
class Image:
  """What was pulled.

  Args:
    reference: the image's full name.
    python: the interpreter it has.
    entry: what runs where a container has no command.
  """

  reference: str
  python: Path
  entry: tuple[str, ...] = ("python3",)

  @property
  def id(self) -> str:
    name = self.reference.partition("@")[0].rpartition(":")[0]
    return f"{name}@sha256:{digest(self.reference)}"


class NoImage(Exception):
  """There is no such image; the text is what a container runtime says."""


class Images:
  """Every image there is.

  Args:
    known: interpreters by reference, or a function from a reference to one.
      ``python:3.x`` and its variants need no entry: they are clean
      environments of this machine's Python 3.x with pip, made when they are
      first pulled. Nor do Pathways' own: something stands in that only waits.
    folder: where those environments are kept.
  """

  def __init__(
    self, known: Mapping[str, str | Path] | Finder, folder: Path
  ) -> None:
    self._find: Finder = known if callable(known) else known.get
    self._folder = folder
    self._lock = threading.Lock()
    self._pulled: set[str] = set()

  def present(self, reference: str) -> bool:
    """Whether some pod has pulled it before."""
    return reference in self._pulled

  def pull(self, reference: str) -> Image:
    """Raises NoImage where there is none."""
    found = self._find(reference)
    if found is None and _PATHWAYS.fullmatch(reference):
      self._pulled.add(reference)
      return _stand_in(reference)
    if found is None and (version := _PYTHON.fullmatch(reference)):
      with self._lock:
        found = self._environment(reference, version[1])
    if found is None:
      raise NoImage(_unresolved(full(reference)))
    self._pulled.add(reference)
    return Image(full(reference), Path(found))

  def _environment(self, reference: str, version: str) -> Path:
    """A clean environment of one of this machine's Pythons."""
    made = self._folder / f"python-{version}"
    if not (made / ".complete").exists():
      base = _interpreter(version)
      if base is None:
        raise NoImage(
          f"{_unresolved(full(reference))} (this machine has no Python"
          f" {version} to stand in for it)"
        )
      shutil.rmtree(made, ignore_errors=True)
      command = [base, "-m", "venv", str(made)]
      done = subprocess.run(command, capture_output=True, text=True)
      if done.returncode:
        raise NoImage(f"{' '.join(command)} failed: {done.stdout}{done.stderr}")
      (made / ".complete").touch()
    return made / "bin" / "python3"


def _stand_in(reference: str) -> Image:
  """In place of what Pathways runs, which is for TPUs alone."""
  python = Path(sys.executable)
  entry = (python.name, "-ISs", str(_STAND_IN))
  return Image(reference, python, entry)


def full(reference: str) -> str:
  """A reference with the registry and the tag that it leaves out."""
  first, slash, _ = reference.partition("/")
  if not slash:
    reference = f"{_HUB}/library/{reference}"
  elif "." not in first and ":" not in first and first != "localhost":
    reference = f"{_HUB}/{reference}"
  last = reference.rpartition("/")[2]
  return reference if "@" in last or ":" in last else f"{reference}:latest"


def digest(text: str) -> str:
  named = re.search(r"@sha256:([0-9a-f]{64})$", text)
  return named[1] if named else hashlib.sha256(text.encode()).hexdigest()


def _interpreter(version: str) -> str | None:
  if version == f"{sys.version_info.major}.{sys.version_info.minor}":
    return str(getattr(sys, "_base_executable", sys.executable))
  if found := shutil.which(f"python{version}"):
    return found
  if not shutil.which("uv"):
    return None
  command = ["uv", "python", "find", "--no-project", version]
  told = subprocess.run(command, capture_output=True, text=True)
  return told.stdout.strip() or None


def _unresolved(reference: str) -> str:
  return (
    "rpc error: code = NotFound desc = failed to pull and unpack image"
    f' "{reference}": failed to resolve reference "{reference}": {reference}:'
    " not found"
  )
