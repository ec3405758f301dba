"""Makes one JAX program of the hosts of a job, before the function runs."""

from __future__ import annotations

import atexit
import importlib.util
import inspect
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

COORDINATOR = "KERAS_REMOTE_COORDINATOR"
"""Host and port where host 0 gathers the others; TPUs know it by themselves."""
PROCESSES, PROCESS = "KERAS_REMOTE_PROCESSES", "KERAS_REMOTE_PROCESS"
"""How many hosts there are, and which of them this is."""

_DAY = 86400


def initialize() -> Callable[[], None] | None:
  """Joins the other hosts, however long their machines are in coming.

  Without JAX that is the function's own affair.

  Returns:
    What waits for the others once the function has returned: host 0 holds them
    together, and none may miss another.
  """
  if importlib.util.find_spec("jax") is None:
    return None
  import jax

  distributed: Any = jax.distributed
  distributed.initialize(**_given(), **_patience(distributed.initialize))
  left = threading.Event()

  def leave() -> None:
    distributed.shutdown()
    left.set()

  atexit.register(_abandon, left)
  return leave


def _given() -> dict[str, Any]:
  """What JAX is told; nothing where it finds everything by itself."""
  if COORDINATOR not in os.environ:
    return {}
  return {
    "coordinator_address": os.environ[COORDINATOR],
    "num_processes": int(os.environ[PROCESSES]),
    "process_id": int(os.environ[PROCESS]),
  }


def _patience(initialize: Callable[..., None]) -> dict[str, Any]:
  """How long hosts wait for each other, in as far as this JAX can be told."""
  known = inspect.signature(initialize).parameters
  names = ("initialization_timeout", "shutdown_timeout_seconds")
  return {name: _DAY for name in names if name in known}


def _abandon(left: threading.Event) -> None:
  """Lets a host go whose function raised.

  JAX would have it wait for those that still work, of which nothing will come.
  """
  if not left.is_set():
    for stream in (sys.stdout, sys.stderr):
      stream.flush()
    os._exit(1)
