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
_PATIENCE = {"initialization_timeout": _DAY, "shutdown_timeout_seconds": _DAY}
"""Seconds that hosts wait for each other; not every JAX can be told so."""


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
  known = inspect.signature(distributed.initialize).parameters
  asked = {**_given(), **_PATIENCE}
  distributed.initialize(**{k: v for k, v in asked.items() if k in known})
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
    # It would ask the API server, where a job has no business.
    "cluster_detection_method": "deactivate",
  }


def _abandon(left: threading.Event) -> None:
  """Lets a host go whose function raised.

  JAX would have it wait for those that still work, of which nothing will come.
  """
  if not left.is_set():
    for stream in (sys.stdout, sys.stderr):
      stream.flush()
    os._exit(1)
