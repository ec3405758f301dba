"""The interpreter that runs the function, with the requirements it needs."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Run = Callable[[Sequence[str]], None]


def interpreter(
  install: str, requirements: Sequence[str], folder: Path, run: Run
) -> str:
  """The Python to start, after installing with uv what is asked for.

  Args:
    install: ``nothing``; ``missing``: nothing where this Python has all the
      requirements, else an environment on top of it; or ``all``: an
      environment of the requirements alone.
    folder: where environments are kept, one per set of requirements.
    run: runs a command to its end, or raises.
  """
  if install == "nothing" or (install == "missing" and _has(requirements)):
    return sys.executable
  target = folder / _digest(install, requirements)
  with _lock(target):
    complete = target / ".complete"
    if not complete.exists():
      _create(install, requirements, target, run)
      complete.touch()
  return str(target / "bin" / "python")


def _has(requirements: Sequence[str]) -> bool:
  """Whether this very Python satisfies every requirement already."""
  if not requirements:
    return True
  pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index"]
  # A requirement that is not there is looked for, and without an index not
  # found.
  environ = {**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
  done = subprocess.run(
    [*pip, "--quiet", *requirements],
    capture_output=True,
    check=False,
    env=environ,
  )
  return done.returncode == 0


def _create(
  install: str, requirements: Sequence[str], target: Path, run: Run
) -> None:
  uv = _uv(target.parent, run)
  # Seen when importing; uv itself installs everything again.
  inherit = ["--system-site-packages"] if install == "missing" else []
  shutil.rmtree(target, ignore_errors=True)
  run(
    [*uv, "venv", "--quiet", "--python", sys.executable, *inherit, str(target)]
  )
  if requirements:
    lines = target / "requirements.txt"
    lines.write_text("\n".join(requirements) + "\n")
    python = str(target / "bin" / "python")
    run([*uv, "pip", "install", "--python", python, "-r", str(lines)])


def _uv(folder: Path, run: Run) -> list[str]:
  if found := shutil.which("uv"):
    return [found]
  if importlib.util.find_spec("uv"):
    return [sys.executable, "-m", "uv"]
  own = folder / "uv"
  if not (own / "bin" / "uv").exists():
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    run([*pip, "--disable-pip-version-check", "--target", str(own), "uv"])
  return [str(own / "bin" / "uv")]


def _digest(install: str, requirements: Sequence[str]) -> str:
  parts = (install, platform.platform(), sys.version, sys.prefix, *requirements)
  return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@contextlib.contextmanager
def _lock(target: Path) -> Iterator[None]:
  """Lets one process at a time build an environment."""
  target.parent.mkdir(parents=True, exist_ok=True)
  with open(target.with_suffix(".lock"), "w") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    yield
