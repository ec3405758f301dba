"""The message that a container leaves when it ends."""

from __future__ import annotations

from pathlib import Path

from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.kubelet.log_files import LogFile

_LONGEST = 4096
_LINES, _BYTES = 80, 2048


def message(container: Object, told: Path, log: LogFile, code: int) -> str:
  """What it wrote to its file or, on request and failure, its last lines."""
  if told.exists() and (text := told.read_bytes()[:_LONGEST]):
    return text.decode(errors="replace")
  policy = container["terminationMessagePolicy"]
  if code == 0 or policy != "FallbackToLogsOnError":
    return ""
  entries = [each for each in log.entries() if each is not None]
  tail = b"".join(each.text for each in entries[-_LINES:])
  return tail[-_BYTES:].decode(errors="replace")
