"""The ``ssh`` backend: a process per job on a machine that has a shell."""

from __future__ import annotations

import shlex
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from keras_remote_core import mixins, shell, wire
from keras_remote_core.model import JobHandle, Submission

# Never a question, never a wait without end; ~/.ssh/config says the rest.
_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=10 --"


class SshBackend(mixins.PollingWatch, mixins.StoredStatus, mixins.StoredLogs):
  """Each job is a folder on the machine; ``machine.sh`` acts on it there."""

  def handle(self, submission: Submission) -> JobHandle:
    return mixins.handle(
      submission,
      native_id=submission.plan.job_id,
      settings={"ssh_host": self.settings.ssh_host},
    )

  def render(self, submission: Submission) -> Sequence[Mapping[str, Any]]:
    command = [self.settings.python, "runner.pyz", *submission.arguments]
    return [{"machine": self.settings.ssh_host, "command": command}]

  def submit(self, submission: Submission, handle: JobHandle) -> None:
    key = submission.key.hex()
    self._ask(
      handle,
      shlex.join(["start", self.settings.python, *submission.arguments]),
      environment=shell.exporting(
        {**submission.secrets, "KERAS_REMOTE_KEY": key}
      ),
      key=key,
      handle=wire.encode(handle).decode(),
      runner=b64encode(submission.runner).decode(),
    )

  def runs(self, handle: JobHandle) -> bool | None:
    return {"yes\n": True, "no\n": False}.get(self._ask(handle, "runs"))

  def last_words(self, handle: JobHandle) -> str:
    return self._ask(handle, "show log | tail -n 1").strip()

  def cancel(self, handle: JobHandle) -> None:
    self._ask(handle, "stop")

  def delete(self, handle: JobHandle) -> None:
    self._ask(handle, "remove")

  def key(self, handle: JobHandle) -> bytes | None:
    return bytes.fromhex(self._ask(handle, "show key")) or None

  def list(self) -> Iterator[JobHandle]:
    return wire.newest(map(str.encode, self._ask(None, "handles").split("\0")))

  def _ask(
    self, handle: JobHandle | None, call: str, /, **variables: str
  ) -> str:
    """What a function of ``machine.sh`` prints on the job's machine."""
    settings = handle.settings if handle else {}
    host = settings.get("ssh_host", self.settings.ssh_host)
    machine = resources.files(__package__).joinpath("machine.sh").read_text()
    return shell.run(
      [*_SSH.split(), str(host), "exec sh"] if host else ["sh"],
      f"{machine}\n{call}",
      job=handle.job_id if handle else "",
      **variables,
    )
