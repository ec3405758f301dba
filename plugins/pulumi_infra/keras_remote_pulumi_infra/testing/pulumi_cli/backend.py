"""Stacks and their locks in a folder, laid out as Pulumi lays them out."""

from __future__ import annotations

import contextlib
import datetime
import getpass
import json
import os
import socket
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from attrs import frozen

State = dict[str, Any]
_FAILED = 255


def fail(message: str) -> NoReturn:
  """Ends the process as Pulumi does."""
  sys.stderr.write(f"error: {message}\n")
  raise SystemExit(_FAILED)


@frozen
class Backend:
  """The stacks of one project.

  Args:
    folder: what holds ``.pulumi``.
    url: what users call it.
  """

  folder: Path
  url: str
  project: str

  def load(self, stack: str) -> State:
    """A stack's state; ends the process where there is none."""
    try:
      found: State = json.loads(self._file(stack).read_text())
    except FileNotFoundError:
      fail(f"no stack named '{stack}' found")
    return found

  def save(self, stack: str, state: State) -> None:
    file = self._file(stack)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(state, indent=1))
    os.replace(partial, file)

  def create(self, stack: str) -> None:
    if not self.folder.is_dir():
      fail(f"unable to open bucket {self.url}: no such file or directory")
    if self._file(stack).exists():
      fail(f"stack '{stack}' already exists")
    name = f"organization/{self.project}/{stack}"
    latest: State = {"manifest": {}, "resources": []}
    checkpoint = {"stack": name, "latest": latest}
    self.save(stack, {"version": 3, "checkpoint": checkpoint, "history": []})

  def remove(self, stack: str) -> None:
    if resources(self.load(stack)):
      fail(f"'{stack}' still has resources; removal rejected")
    self._file(stack).unlink()

  def names(self) -> list[str]:
    return sorted(each.stem for each in self._stacks().glob("*.json"))

  @contextlib.contextmanager
  def locked(self, stack: str) -> Iterator[None]:
    """Holds the stack's lock; ends the process where somebody else does."""
    held = list(self._locks(stack).glob("*.json"))
    if held:
      fail(self._refusal(held))
    mine = self._locks(stack) / f"{uuid.uuid4()}.json"
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text(json.dumps(holder()))
    try:
      yield
    finally:
      mine.unlink(missing_ok=True)

  def cancel(self, stack: str) -> None:
    for each in self._locks(stack).glob("*.json"):
      each.unlink()

  def _refusal(self, held: Sequence[Path]) -> str:
    lines = [
      f"the stack is currently locked by {len(held)} lock(s). Either wait for"
      " the other process(es) to end or delete the lock file with `pulumi"
      " cancel`."
    ]
    for each in held:
      told = json.loads(each.read_text())
      lines.append(
        f"  {self.url}/{each.relative_to(self.folder)}: created by"
        f" {told['username']}@{told['hostname']} (pid {told['pid']}) at"
        f" {told['timestamp']}"
      )
    return "\n".join(lines)

  def _stacks(self) -> Path:
    return self.folder / ".pulumi" / "stacks" / self.project

  def _file(self, stack: str) -> Path:
    return self._stacks() / f"{stack}.json"

  def _locks(self, stack: str) -> Path:
    locks = self.folder / ".pulumi" / "locks" / "organization"
    return locks / self.project / stack


def resources(state: State) -> list[State]:
  """What a state holds, oldest first."""
  found: list[State] = state["checkpoint"]["latest"]["resources"]
  return found


def holder() -> dict[str, Any]:
  """What a lock tells of the process that took it."""
  return {
    "pid": os.getpid(),
    "username": getpass.getuser(),
    "hostname": socket.gethostname(),
    "timestamp": datetime.datetime.now(datetime.UTC).isoformat(),
  }


def place(url: str, folder: Path) -> Path:
  """Where a URL's files are: a bucket's are in the stand-in's own folder."""
  found = urlsplit(url)
  if found.scheme == "file":
    return Path(unquote(found.path))
  bucket = folder / "buckets" / found.netloc
  bucket.mkdir(parents=True, exist_ok=True)
  return bucket
