"""The objects of representative requests, as they were looked at once.

GOLDEN=write writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
REQUESTS = {
  "cpu": {},
  "cpu-8-with-secrets": {
    "accelerator": "cpu:8",
    "secrets": {"HF_TOKEN": "hush"},
    "memory": "16Gi",
    "disk": "100Gi",
  },
  "l4-spot": {"accelerator": "l4:spot"},
  "a100x8-memory": {"accelerator": "a100x8", "cpu": 64, "memory": "512Gi"},
  "gb200-arm": {"accelerator": "gb200x4"},
  "h100x8-flex-start": {
    "accelerator": "h100x8",
    "flex_start": True,
    "timeout": "2d",
  },
  "t4-own-image": {"accelerator": "t4", "container_image": "me/image:1"},
  "v3-device": {"accelerator": "v3-2x2"},
  "v5e-1x1": {"accelerator": "v5e-1x1", "namespace": "research"},
  "v5p-shared-reservation": {
    "accelerator": "v5p-2x2x1",
    "reservation": "projects/theirs/reservations/big",
  },
  "v6e-2x4-spot-retries": {
    "accelerator": "v6e-2x4:spot",
    "retries": 3,
    "timeout": "12h",
    "service_account": "trainer",
  },
  "tpu7x-queue-class": {
    "accelerator": "tpu7x-2x2x1",
    "queue": "team-a",
    "compute_class": "cheapest-first",
    "labels": {"team": "a"},
    "annotations": {"example.com/why": "to see: [bold]"},
  },
  "h100x8-two-hosts": {"accelerator": "h100x8", "hosts": 2},
  "v6e-4x4-controllers": {"accelerator": "v6e-4x4", "backend": "gke"},
  "v4-node-pool": {"accelerator": "v4-2x2x1", "node_pool": "pool-7"},
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_becomes_the_same_objects_as_ever(make, name):
  path = GOLDEN / f"{name}.json"
  shown = json.dumps(make(**REQUESTS[name]).shown, indent=2) + "\n"
  if os.environ.get("GOLDEN") == "write":
    path.write_text(shown)
  assert shown == path.read_text()


def test_no_golden_file_is_left_over():
  assert {path.stem for path in GOLDEN.iterdir()} == set(REQUESTS)
