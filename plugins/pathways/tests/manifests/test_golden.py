"""The objects of representative requests, as they were looked at once.

GOLDEN=write writes them anew.
"""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
REQUESTS = {
  "v4-2x2x2": {"accelerator": "v4-2x2x2"},
  "v5e-4x4-spot": {"accelerator": "v5e-4x4:spot"},
  "v5p-4x4x4-retries": {
    "accelerator": "v5p-4x4x4",
    "retries": 2,
    "timeout": "12h",
    "reservation": "big",
  },
  "v6e-4x4": {"accelerator": "v6e-4x4"},
  "v6e-16x16": {
    "accelerator": "v6e-16x16",
    "head_pool": "heads",
    "proxy_memory": "100G",
    "service_account": "trainer",
    "memory": "64Gi",
  },
  "tpu7x-4x4x4-queue": {"accelerator": "tpu7x-4x4x4", "queue": "team-a"},
  "v6e-4x4-two-slices": {
    "accelerator": "v6e-4x4",
    "slices": 2,
    "requirements": ["jax[tpu]==0.9.2"],
    "secrets": {"HF_TOKEN": "hush"},
  },
}
NAMES = [
  f"{name}.{layout}"
  for name, layout in itertools.product(REQUESTS, ("lws", "jobset"))
]


@pytest.mark.parametrize("name", NAMES)
def test_a_request_becomes_the_same_objects_as_ever(make, name):
  path = GOLDEN / f"{name}.json"
  request, layout = name.split(".")
  made = make(**REQUESTS[request], layout=layout)
  shown = json.dumps(made.shown, indent=2) + "\n"
  if os.environ.get("GOLDEN") == "write":
    path.write_text(shown)
  assert shown == path.read_text()


def test_no_golden_file_is_left_over():
  assert {path.stem for path in GOLDEN.iterdir()} == set(NAMES)
