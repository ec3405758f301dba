"""Large arrays come home without being copied in memory, on either side."""

from __future__ import annotations

import json
import os
import sys

import pytest

MEGABYTES = int(os.environ.get("KERAS_REMOTE_TEST_MEMORY", "200"))

CLIENT = """
import json, sys
import keras_remote
from weigh import peak

@keras_remote.run(backend="local")
def make(kind, megabytes):
  import atexit, os, pathlib
  import library
  from weigh import peak
  before = peak()
  array = library.make(kind, megabytes)
  made = peak()

  def tell():
    folder = pathlib.Path(os.environ["KERAS_REMOTE_OUTPUT_DIR"])
    told = {"before": before, "made": made, "after": peak()}
    (folder / "peak.json").write_text(json.dumps(told))

  atexit.register(tell)
  return array

import library
kind, megabytes = sys.argv[1], int(sys.argv[2])
library.make(kind, 0)
job = make.submit(kind, megabytes)
before = peak()
array = job.result()
assert library.total(array) == megabytes * 10**6 / array.dtype.itemsize
print(json.dumps({
  "id": job.id, "dtype": str(array.dtype), "type": type(array).__name__,
  "nbytes": array.nbytes, "before": before, "after": peak(),
}))
"""

WEIGH = """
import re

def peak():
  status = open("/proc/self/status").read()
  return int(re.search(r"VmHWM:\\s*(\\d+) kB", status)[1]) * 1024
"""

LIBRARY = """
import numpy as np

def make(kind, megabytes):
  if kind == "numpy":
    return np.ones(megabytes * 10**6 // 4, "float32")
  import jax
  return jax.numpy.ones(megabytes * 10**6 // 2, "bfloat16")

def total(array):
  pieces = range(0, len(array), 10**6)
  return sum(float(array[at:at + 10**6].astype("float32").sum()) for at in pieces)
"""


@pytest.fixture
def weighed(python, script, stored):
  """Peak bytes of the client and of the function's process, with the array's."""
  script(CLIENT, "client.py")
  script(WEIGH, "weigh.py")
  script(LIBRARY, "library.py")

  def run(kind):
    client = json.loads(python("client.py", kind, str(MEGABYTES)).stdout)
    told = stored / "outputs" / client["id"] / "peak.json"
    return client, json.loads(told.read_text())

  return run


@pytest.mark.memory
@pytest.mark.skipif(sys.platform != "linux", reason="weighs by /proc")
@pytest.mark.parametrize(
  ("kind", "type_name", "dtype"),
  [("numpy", "ndarray", "float32"), ("jax", "ArrayImpl", "bfloat16")],
)
def test_a_large_result_is_in_memory_once_on_either_side(
  weighed, kind, type_name, dtype
):
  pytest.importorskip(kind)
  client, job = weighed(kind)
  assert (client["type"], client["dtype"]) == (type_name, dtype)
  size = client["nbytes"]
  assert size == MEGABYTES * 10**6
  sys.stdout.write(f"client: {client}\njob: {job}\n")
  assert client["after"] - client["before"] <= 1.3 * size
  assert job["after"] - job["made"] <= 0.3 * size
