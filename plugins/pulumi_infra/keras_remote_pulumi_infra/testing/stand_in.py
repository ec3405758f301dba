"""A ``pulumi`` executable for tests, and what they can have it do."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from keras_remote_pulumi_infra.testing.pulumi_cli import backend
from keras_remote_pulumi_infra.testing.pulumi_cli.faults import Faults

_MODULE = "keras_remote_pulumi_infra.testing.pulumi_cli"
_STACKS = ".pulumi/stacks/keras-remote"


class PulumiStandIn:
  """Speaks the protocols of the real CLI, and makes nothing.

  Args:
    folder: where all of it is; nothing is written elsewhere, but what
      ``file://`` names.
  """

  def __init__(self, folder: Path) -> None:
    self.folder = folder
    self.bin = folder / "bin"
    self._faults = Faults(folder / "rules.json")
    self.bin.mkdir(parents=True)
    script = self.bin / "pulumi"
    command = shlex.join([sys.executable, "-m", _MODULE, str(folder)])
    script.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    script.chmod(0o755)

  @property
  def environ(self) -> dict[str, str]:
    """What has the Automation API come here."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": f"{self.bin}{os.pathsep}{path}"}

  def fail(self, about: str, message: str | None) -> None:
    """Has a resource, by type or name, fail so; None: no more."""
    self._faults.change("fail", about, message)

  def hold(self, name: str, held: bool = True) -> None:
    """Has a resource take until it is let go, or the operation stopped."""
    self._faults.change("hold", name, "yes" if held else None)

  def drift(self, name: str, what: str) -> None:
    """Has a resource differ: ``delete``, or ``update:PROPERTY``."""
    self._faults.change("drift", name, what)

  def version(self, text: str) -> None:
    self._faults.change("version", "is", text)

  def calls(self) -> list[list[str]]:
    """Every command line so far."""
    try:
      lines = (self.folder / "calls").read_text().splitlines()
    except FileNotFoundError:
      return []
    return [json.loads(each) for each in lines]

  def stacks(self, url: str) -> list[str]:
    """The stacks that are kept at a URL."""
    found = backend.place(url, self.folder) / _STACKS
    return sorted(each.stem for each in found.glob("*.json"))

  def resources(self, url: str, stack: str) -> list[dict[str, Any]]:
    """What a stack holds."""
    return backend.resources(json.loads(self.read(url, stack)))

  def read(self, url: str, stack: str) -> str:
    """The file of a stack."""
    return self._file(url, stack).read_text()

  def write(self, url: str, stack: str, text: str) -> None:
    """Puts a stack there as it was when it was read."""
    file = self._file(url, stack)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)

  def lock(self, url: str, stack: str) -> None:
    """Has somebody else hold a stack, who never comes back."""
    root = backend.place(url, self.folder)
    held = root / ".pulumi/locks/organization/keras-remote" / stack
    held.mkdir(parents=True, exist_ok=True)
    (held / "theirs.json").write_text(json.dumps(backend.holder()))

  def _file(self, url: str, stack: str) -> Path:
    return backend.place(url, self.folder) / _STACKS / f"{stack}.json"
