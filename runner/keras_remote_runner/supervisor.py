"""The first process of a host: it claims the attempt and signs the outcome.

The signing key is its own, and it survives whatever the function's process
does to itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from keras_remote_runner import keys, logs, outcome, signing, stopping
from keras_remote_runner.attempt import Attempt, Refused
from keras_remote_runner.claiming import Claims, Concluded
from keras_remote_runner.keeping import Keeper
from keras_remote_runner.manifest import Manifest, UnreadableManifest, decode
from keras_remote_runner.stores import Store, insist

SCRATCH = "KERAS_REMOTE_SCRATCH"
"""Names the folder below which a job unpacks and works, if not the usual one."""


class Supervisor:
  """One start of one host of a job."""

  def __init__(
    self, store: Store, key: bytes, job: str, task: int, host: int
  ) -> None:
    self._store, self._key = store, key
    self._job, self._task, self._host = job, task, host
    self._started = time.time()
    self._claims = Claims(store, self._key_of)

  def run(self, digest: str) -> int:
    """Runs the job whose manifest has this digest; returns an exit code."""
    stopping.listen()
    last = 0
    try:
      manifest = self._manifest(digest)
      last = manifest.attempts - 1
      attempt = self._claims.take(manifest.attempts, self._started)
    except Concluded as concluded:
      return concluded.code
    except Refused as refused:
      body = outcome.failed(refused.reason, str(refused))
      return self._conclude(last, body)
    except stopping.Stopped:
      # Nothing was claimed: what becomes of the job is for others to say.
      return outcome.STOPPED
    with self._claims.alive(attempt):
      return self._claimed(manifest, attempt)

  def _manifest(self, digest: str) -> Manifest:
    data = self._store.read(keys.manifest(self._job))
    if hashlib.sha256(data).hexdigest() != digest:
      message = "the job's manifest is not the one that was submitted"
      raise Refused("Tampered", message)
    try:
      return decode(data)
    except UnreadableManifest as error:
      raise Refused("UnreadableManifest", str(error)) from error

  def _claimed(self, manifest: Manifest, attempt: int) -> int:
    try:
      if self._store.exists(keys.cancelled(self._job)):
        raise stopping.Stopped
      return self._attempt(manifest, attempt)
    except stopping.Stopped:
      # Before there was a function that could have been told.
      return self._conclude(attempt, outcome.stopped())

  def _attempt(self, manifest: Manifest, attempt: int) -> int:
    chunks = logs.Chunks(
      lambda number, data: self._store.write(
        self._key_of(attempt, f"logs/{number:06d}.jsonl"), data
      )
    )
    pump = logs.Pump(chunks, manifest.log_interval)
    with _scratch() as scratch:
      body = Attempt(
        manifest, self._task, attempt, self._host, scratch, self._store, pump
      ).body()
      stopping.ignore()
      keeper = Keeper(self._store, scratch, pump.say)
      body = keeper.artifact(body, self._key_of(attempt, ""))
      keeper.outputs(keys.outputs_of(self._job, self._host, manifest.processes))
      pump.finish()
      return self._conclude(attempt, body)

  def _conclude(self, attempt: int, body: Mapping[str, Any]) -> int:
    """Signs and writes the outcome, unless there is one already."""
    stopping.ignore()
    identity = outcome.Identity(self._job, self._task, attempt, self._host)
    document = outcome.document(
      identity, body, started=self._started, ended=time.time()
    )
    data = signing.canonical(signing.sign(document, self._key))
    key = self._key_of(attempt, "outcome.json")
    with contextlib.suppress(FileExistsError):
      insist(lambda: self._store.write(key, data, True))
    return outcome.exit_code(body)

  def _key_of(self, attempt: int, name: str) -> str:
    return f"{keys.host(self._job, self._task, attempt, self._host)}/{name}"


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
  with tempfile.TemporaryDirectory(
    prefix="keras-remote-",
    dir=os.environ.get(SCRATCH),
    ignore_cleanup_errors=True,
  ) as name:
    yield Path(name)
