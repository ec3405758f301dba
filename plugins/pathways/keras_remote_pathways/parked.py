"""Runs a job's program and parks when it has ended; used inside of a job.

    python parked.py [OPTIONS] -- COMMAND...

The pod of a LeaderWorkerSet must not end: it would be started again. So this
program says by a file that the command has ended, and waits to be stopped
together with the set. Where nobody does that, it deletes the set. It needs the
standard library only.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

# What the runner exits with where no further attempt may follow: the function
# returned, it raised, the submission is at fault, and the job was stopped.
_FINAL = frozenset({0, 42, 43, 143})
_PATIENCE = 20.0
_PAUSE = 2.0
_SETS = "/apis/leaderworkerset.x-k8s.io/v1/namespaces/{}/leaderworkersets/{}"


class Stopped(Exception):
  """SIGTERM came: the pod is being deleted."""


def main(arguments: Sequence[str]) -> int:
  """Runs the command, parks, and returns an exit code once it is stopped."""
  asked, command = _parse(arguments)
  signal.signal(signal.SIGTERM, _stop)
  # It outlives the container, which may have been started again.
  asked.ended.unlink(missing_ok=True)
  try:
    _see_through(command, asked.attempts, asked.limit)
    asked.ended.touch()
    if asked.access is not None:
      time.sleep(asked.grace)
      _leave(asked.access, *asked.set.split("/"))
    while True:
      signal.pause()
  except Stopped:
    return 143


def _see_through(
  command: Sequence[str], attempts: int, limit: float | None
) -> None:
  """Runs the command until it has had its last word.

  Started once more than a job may begin, the runner finds that out, and says
  it in an outcome, where it was killed before it could say anything.
  """
  for _ in range(attempts + 1):
    if _run(command, limit) in _FINAL:
      return


def _run(command: Sequence[str], limit: float | None) -> int:
  child = subprocess.Popen(command)
  try:
    return child.wait(limit)
  except subprocess.TimeoutExpired:
    return _end(child)
  except Stopped:
    _end(child)
    raise


def _end(child: subprocess.Popen[bytes]) -> int:
  """Lets the command say its last word; the pod's own grace is the limit."""
  child.terminate()
  return child.wait()


def _leave(access: Path, namespace: str, name: str) -> None:
  """Deletes the set, however long that takes.

  A refusal is no last word: tokens are renewed, and permissions mended.
  """
  said = ""
  while told := _refusal(access, namespace, name):
    if told != said:
      _say(told)
    said = told
    time.sleep(_PAUSE)


def _refusal(access: Path, namespace: str, name: str) -> str:
  """Why the set could not be deleted; nothing where it is gone."""
  try:
    _delete(access, _SETS.format(namespace, name))
  except urllib.error.HTTPError as error:
    if error.code == 404:
      return ""
    return f"the set {namespace}/{name} cannot be deleted: {error}"
  except OSError as error:
    return f"the cluster does not answer: {error}"
  return ""


def _delete(access: Path, path: str) -> None:
  host = os.environ["KUBERNETES_SERVICE_HOST"]
  # An address of version 6 has colons of its own.
  host = f"[{host}]" if ":" in host else host
  port = os.environ["KUBERNETES_SERVICE_PORT"]
  options = {
    "apiVersion": "v1",
    "kind": "DeleteOptions",
    "propagationPolicy": "Background",
  }
  request = urllib.request.Request(
    f"https://{host}:{port}{path}",
    method="DELETE",
    data=json.dumps(options).encode(),
    headers={
      # Read each time, for the kubelet renews it.
      "Authorization": f"Bearer {(access / 'token').read_text().strip()}",
      "Content-Type": "application/json",
    },
  )
  trusted = ssl.create_default_context(cafile=access / "ca.crt")
  # No proxy stands between a pod and its cluster.
  opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({}),
    urllib.request.HTTPSHandler(context=trusted),
  )
  with opener.open(request, timeout=_PATIENCE):
    pass


def _parse(
  arguments: Sequence[str],
) -> tuple[argparse.Namespace, Sequence[str]]:
  end = list(arguments).index("--")
  parser = argparse.ArgumentParser(prog="parked.py")
  parser.add_argument("--ended", type=Path, required=True)
  parser.add_argument("--attempts", type=int, default=1)
  parser.add_argument("--limit", type=float, help="seconds")
  parser.add_argument("--access", type=Path, help="token and ca.crt")
  parser.add_argument("--set", help="NAMESPACE/NAME")
  parser.add_argument("--grace", type=float, default=0.0, help="seconds")
  return parser.parse_args(arguments[:end]), arguments[end + 1 :]


def _stop(number: int, frame: object) -> None:
  del number, frame
  signal.signal(signal.SIGTERM, signal.SIG_IGN)
  raise Stopped


def _say(text: str) -> None:
  with contextlib.suppress(OSError):
    sys.stderr.write(f"keras-remote: {text}\n")


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
