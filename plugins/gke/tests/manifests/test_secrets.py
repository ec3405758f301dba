"""What is secret is in the Secret, and nowhere else."""

from __future__ import annotations

import base64
import json

import pytest

from keras_remote_core.errors import UsageError
from keras_remote_gke import manifest

SECRETS = {"HF_TOKEN": "hush-1", "WANDB_API_KEY": "hush-2"}


@pytest.fixture
def made(make):
  return make(secrets=SECRETS)


def test_key_and_secrets_reach_the_container_by_reference(made):
  _, secret, job = made.created
  container = job["spec"]["template"]["spec"]["containers"][0]
  referred = {
    each["name"]: each["valueFrom"]["secretKeyRef"]
    for each in container["env"]
    if "secretKeyRef" in each.get("valueFrom", {})
  }
  assert referred.keys() == secret["stringData"].keys()
  for name, reference in referred.items():
    assert reference == {"name": secret["metadata"]["name"], "key": name}
  assert secret["stringData"] == {
    **SECRETS,
    "KERAS_REMOTE_KEY": made.submission.key.hex(),
  }


def test_no_secret_stands_in_the_job_or_the_shared_object(made):
  config_map, _, job = made.created
  written = json.dumps([config_map, job])
  for value in (*SECRETS.values(), made.submission.key.hex()):
    assert value not in written


def test_what_is_shown_names_secrets_and_never_shows_them(made):
  _, secret, _ = made.shown
  assert secret["stringData"].keys() == {*SECRETS, "KERAS_REMOTE_KEY"}
  written = json.dumps(made.shown)
  for value in (*SECRETS.values(), made.submission.key.hex()):
    assert value not in written


def test_a_secret_that_a_cluster_would_garble_is_refused_by_name(make):
  made = make(secrets={"HF_TOKEN": "caf\udce9"})
  with pytest.raises(UsageError, match="HF_TOKEN is no UTF-8") as caught:
    manifest.secret(made.submission)
  assert "caf" not in str(caught.value)


def test_what_is_shown_has_the_runners_digest_in_its_place(made):
  config_map, *_ = made.shown
  (data,) = config_map["binaryData"].values()
  assert base64.b64decode(data).decode() == (
    f"sha256:{made.submission.runner_sha256}"
  )


def test_what_is_shown_is_otherwise_what_is_created(made):
  _, secret, job = made.created
  _, shown_secret, shown_job = made.shown
  assert shown_job == job
  assert shown_secret["metadata"] == secret["metadata"]


def test_the_runner_travels_whole(made):
  config_map, *_ = made.created
  (data,) = config_map["binaryData"].values()
  assert base64.b64decode(data) == made.submission.runner


def test_the_runner_belongs_to_no_job_for_others_run_it_too(made):
  config_map, *_ = made.created
  assert config_map["metadata"]["labels"] == {
    "app.kubernetes.io/managed-by": "keras-remote"
  }


def test_the_secret_goes_with_its_job():
  made = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "train-1", "uid": "1234", "labels": {}},
  }
  assert manifest.owner(made) == {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "name": "train-1",
    "uid": "1234",
  }
