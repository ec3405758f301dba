"""The first process of a host: it claims the attempt and signs the outcome.

It alone holds the signing key, and it survives whatever the function's
process does to itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keras_remote_runner import keys, logs, outcome, signing, stopping
from keras_remote_runner.attempt import Attempt, Refused
from keras_remote_runner.manifest import Manifest, UnreadableManifest, decode
from keras_remote_runner.stores import Store

SCRATCH = "KERAS_REMOTE_SCRATCH"
"""Names the folder below which a job unpacks and works, if not the usual one."""

_ARTIFACTS = {"returned": "result", "raised": "exception"}


class Supervisor:
  """One start of one host of a job."""

  def __init__(
    self, store: Store, key: bytes, job: str, task: int, host: int
  ) -> None:
    self._store, self._key = store, key
    self._job, self._task, self._host = job, task, host
    self._started = time.time()

  def run(self, digest: str) -> int:
    """Runs the job whose manifest has this digest; returns an exit code."""
    stopping.listen()
    try:
      manifest = self._manifest(digest)
      attempt = self._claim(manifest)
    except Refused as refused:
      return self._conclude(0, outcome.failed(refused.reason, str(refused)))
    except stopping.Stopped:
      return self._conclude(
        0, outcome.failed("Stopped", "stopped at its start")
      )
    if attempt is None:
      return self._conclude(manifest.attempts - 1, _restarted())
    return self._attempt(manifest, attempt)

  def _manifest(self, digest: str) -> Manifest:
    data = self._store.read(keys.manifest(self._job))
    if hashlib.sha256(data).hexdigest() != digest:
      message = "the job's manifest is not the one that was submitted"
      raise Refused("Tampered", message)
    try:
      return decode(data)
    except UnreadableManifest as error:
      raise Refused("UnreadableManifest", str(error)) from error

  def _claim(self, manifest: Manifest) -> int | None:
    """Takes the first attempt nobody has started, if one is left."""
    marker = {"host": socket.gethostname(), "pid": os.getpid()}
    data = signing.canonical({**marker, "started": self._started})
    for attempt in range(manifest.attempts):
      with contextlib.suppress(FileExistsError):
        self._store.write(self._key_of(attempt, "start.json"), data, True)
        return attempt
    return None

  def _attempt(self, manifest: Manifest, attempt: int) -> int:
    chunks = logs.Chunks(
      lambda number, data: self._store.write(
        self._key_of(attempt, f"logs/{number:06d}.jsonl"), data
      )
    )
    pump = logs.Pump(chunks, manifest.log_interval)
    with tempfile.TemporaryDirectory(
      prefix="keras-remote-",
      dir=os.environ.get(SCRATCH),
      ignore_cleanup_errors=True,
    ) as name:
      scratch = Path(name)
      body = Attempt(manifest, self._task, scratch, self._store, pump).body()
      stopping.ignore()
      pump.finish()
      body = self._upload(body, attempt, scratch)
      self._keep(scratch / "outputs", manifest)
    if chunks.failure:
      sys.stderr.write(f"keras-remote: log lines lost: {chunks.failure!r}\n")
    return self._conclude(attempt, body)

  def _upload(
    self, body: dict[str, Any], attempt: int, scratch: Path
  ) -> dict[str, Any]:
    """Stores what the outcome refers to, before the outcome itself."""
    name = _ARTIFACTS.get(body["kind"])
    if name is None or body["artifact"] is None:
      return body
    key = self._key_of(attempt, name)
    self._store.put(scratch / name, key)
    return {**body, "artifact": {**body["artifact"], "key": key}}

  def _keep(self, folder: Path, manifest: Manifest) -> None:
    """Stores what the function wrote into its output folder."""
    home = keys.outputs(self._job)
    if manifest.processes > 1:
      home = f"{home}/hosts/{self._host}"
    for path in sorted(folder.rglob("*")):
      if path.is_file():
        self._store.put(path, f"{home}/{path.relative_to(folder).as_posix()}")

  def _conclude(self, attempt: int, body: Mapping[str, Any]) -> int:
    """Signs and writes the outcome, unless there is one already."""
    stopping.ignore()
    identity = outcome.Identity(self._job, self._task, attempt, self._host)
    document = outcome.document(
      identity, body, started=self._started, ended=time.time()
    )
    data = signing.canonical(signing.sign(document, self._key))
    with contextlib.suppress(FileExistsError):
      self._store.write(self._key_of(attempt, "outcome.json"), data, True)
    return outcome.exit_code(body)

  def _key_of(self, attempt: int, name: str) -> str:
    return f"{keys.host(self._job, self._task, attempt, self._host)}/{name}"


def _restarted() -> dict[str, Any]:
  return outcome.failed(
    "Restarted",
    "the job was started again after it had begun, and may not run twice",
  )
