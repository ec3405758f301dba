"""What ``keras-remote up`` shows, makes, refuses and leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sysconfig
import time
from pathlib import Path

import pytest

from keras_remote_core import profiles_file
from keras_remote_pulumi_infra import services

COMMAND = Path(sysconfig.get_path("scripts")) / "keras-remote"
UP = ("up", "--yes", "--controllers", "")
QUOTA = (
  "sdk-v2/provider2.go:520: sdk.helper_schema: error creating NodePool:"
  " googleapi: Error 403: Insufficient regional quota to satisfy request:"
  " resource \"CPUS\": request requires '32.0' and is short '8.0'. project has"
  " a quota of '24.0' with '24.0' available.\n  Details:\n  [\n    {}\n  ]\n,"
  " forbidden: provider=google-beta@10.2.0"
)
PERMISSION = (
  '1 error occurred:\n\t* googleapi: Error 403: Required "container.clusters'
  '.update" permission(s) for "projects/emulated-project"., forbidden\n\n'
)


def test_a_preview_for_a_new_user_fits_one_screen_and_makes_nothing(cloud, cli):
  shown = cli("up", "--preview").stdout.splitlines()
  assert len(shown) <= 24
  assert max(map(len, shown)) <= 80
  assert shown[0].startswith("cluster emulated, in us-central1-a of project")
  assert any(line.startswith("+  1 cluster ") for line in shown)
  assert any("controller" in line and "lws" in line for line in shown)
  assert shown[-1].endswith(" to make")
  assert cloud.pulumi.stacks(cloud.state) == []
  assert not profiles_file.path().exists()


def test_up_makes_each_thing_in_a_line_and_keeps_a_profile(cloud, cli):
  before = dict(os.environ)
  done = cli(*UP)
  told = done.stderr.splitlines()
  assert "+ made bucket" in told
  assert any(each.startswith("+ made cluster (us-central") for each in told)
  assert any("made Kubernetes account keras-remote" in each for each in told)
  apis = {each.removeprefix("+ made API ") for each in told if " API " in each}
  assert apis == set(services.NAMES)
  assert cloud.cluster.object("serviceaccounts", "keras-remote")
  assert dict(os.environ) == before
  outputs = stack_outputs(cloud)
  assert json.loads(outputs["config"])["cluster"] == "emulated"
  assert outputs["bucket"] == "emulated-project-keras-remote-emulated"
  kept = profiles_file.load()
  values = kept.show("emulated")
  assert kept.active == "emulated"
  assert "profile emulated is active" in done.stdout
  assert values["project"] == "emulated-project"
  assert values["zone"] == "us-central1-a"
  assert values["gke"] == {"service_account": "keras-remote"}
  builder = values["cloudbuild"]["service_account"]
  assert builder.endswith("@emulated-project.iam.gserviceaccount.com")


def test_a_second_up_finds_nothing_to_do_and_asks_nothing(made, cli):
  again = cli("up")
  assert "nothing to do: all" in again.stdout
  assert "made" not in again.stderr
  assert not any("up" in call[:2] for call in made.pulumi.calls()[-6:])


def test_two_clusters_of_one_name_are_two_profiles(made, cli):
  cli("config", "profile", "create", "emulated")
  told = cli("up").stdout
  assert "profile emulated-project-emulated is active" in told


def test_what_was_asked_for_once_stays_though_it_is_not_said_again(made, cli):
  changed = cli(*UP, "--cpu-max-nodes", "3")
  assert "~  1 node pool" in changed.stdout
  assert "cpu (autoscaling)" in changed.stdout
  assert "nothing to do" in cli("up").stdout


@pytest.mark.parametrize(
  ("message", "what", "fix"),
  [
    (QUOTA, 'resource "CPUS"', "iam-admin/quotas?project=emulated-project"),
    (PERMISSION, "container.clusters.update", "--role=roles/container.admin"),
  ],
)
def test_a_failure_names_the_thing_its_cause_and_what_helps(
  made, cli, message, what, fix
):
  made.pulumi.fail("pool-cpu", message)
  failed = cli(*UP, "--cpu-max-nodes", "3", code=3)
  assert "Error: the node pool cpu failed: Error 403: " in failed.stderr
  assert what in failed.stderr
  assert fix in failed.stderr
  assert "Traceback" not in failed.stderr
  assert "Details" not in failed.stderr
  assert not profiles_file.path().exists()


def test_an_up_that_failed_goes_on_and_what_is_ours_stays_ours(cloud, cli):
  cloud.pulumi.fail("pool-cpu", QUOTA)
  cli(*UP, code=3)
  assert "cluster" in cloud.names()
  cloud.repositories.names.add("keras-remote")
  cloud.pulumi.fail("pool-cpu", None)
  again = cli(*UP)
  assert "made cluster" not in again.stderr
  assert "+ made node pool cpu" in again.stderr
  assert "repository" in cloud.names()


def test_nobody_is_asked_where_nobody_would_answer(cloud, cli):
  refused = cli("up", code=2)
  assert "on a terminal, or agree beforehand: --yes" in refused.stderr
  assert cloud.pulumi.stacks(cloud.state) == []


def test_a_locked_stack_is_left_alone_until_its_lock_is_taken_away(
  made, cli, monkeypatch, tmp_path
):
  text = made.pulumi.read(made.state, made.stack)
  made.state = state = (tmp_path / "the state").as_uri()
  monkeypatch.setenv("KERAS_REMOTE_INFRA_STATE", state)
  made.pulumi.write(state, made.stack, text)
  made.pulumi.lock(state, made.stack)
  refused = cli(*UP, "--cpu-max-nodes", "2", code=3)
  assert f"the stack {made.stack} is locked by" in refused.stderr
  assert "keras-remote up --unlock" in refused.stderr
  done = cli(*UP, "--cpu-max-nodes", "2", "--unlock")
  assert "~ changed node pool cpu" in done.stderr


def test_a_lock_that_is_taken_at_the_last_moment_is_told_too(made, cli):
  # Which the state of an emulated bucket does not show beforehand.
  made.pulumi.lock(made.state, made.stack)
  refused = cli(*UP, "--cpu-max-nodes", "2", code=3)
  assert f"the stack {made.stack} is locked by" in refused.stderr


def test_a_cluster_that_is_there_already_is_joined_only_on_demand(cloud, cli):
  cloud.there = True
  refused = cli(*UP, code=3)
  assert "join it: keras-remote up --adopt" in refused.stderr


def test_a_cluster_stays_in_its_zone(made, cli):
  refused = cli(*UP, "--zone", "europe-west4-a", code=2)
  assert "are in us-central1-a, not in europe-west4-a" in refused.stderr


def test_a_repository_of_another_cluster_is_shared(cloud, cli):
  cloud.repositories.names.add("keras-remote")
  assert "repository" not in cli("up", "--preview").stdout


def test_without_a_pulumi_that_will_do_it_says_how_to_get_one(
  cloud, cli, monkeypatch
):
  cloud.pulumi.version("3.99.0")
  refused = cli("up", "--preview", code=3)
  assert "3.99.0" in refused.stderr
  assert "--install-pulumi" in refused.stderr
  monkeypatch.setenv("PATH", "/nowhere")
  refused = cli("up", "--preview", code=3)
  assert "the Pulumi CLI is not installed" in refused.stderr
  assert "keras-remote up --install-pulumi" in refused.stderr


def test_without_credentials_it_says_how_to_log_in(cloud, cli, monkeypatch):
  monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere.json")
  refused = cli("up", "--preview", code=3)
  assert "gcloud auth application-default login" in refused.stderr


def test_a_wrong_project_is_named(cloud, cli):
  cloud.there = True
  refused = cli("up", "--preview", "--project", "wrong-project", code=3)
  assert "wrong-project" in refused.stderr
  assert "Traceback" not in refused.stderr


def test_ctrl_c_finishes_what_is_begun_and_the_next_up_goes_on(cloud, cli):
  cloud.pulumi.hold("cluster")
  with subprocess.Popen(
    [COMMAND, *UP],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.PIPE,
    text=True,
  ) as going:
    assert going.stderr is not None
    wait_until(lambda: "bucket" in cloud.names(), going)
    going.send_signal(signal.SIGINT)
    told = going.stderr.read()
  assert going.returncode == 130
  assert "stopping: what is begun is finished" in told
  assert "the same command goes on from here" in told
  assert "Traceback" not in told
  assert "pool-cpu" not in cloud.names()
  cloud.pulumi.hold("cluster", held=False)
  again = cli(*UP)
  assert "made bucket" not in again.stderr
  assert "+ made node pool cpu" in again.stderr


def test_the_bucket_of_the_state_keeps_old_versions_and_is_private(cloud, cli):
  cloud.pulumi.fail("api-storage", QUOTA)
  cli(*UP, code=3)
  requests = cloud.cluster.storage.server.requests
  (created,) = [each.json() for each in requests if each.method == "POST"]
  assert created["name"] == cloud.state.removeprefix("gs://")
  assert created["versioning"] == {"enabled": True}
  access = created["iamConfiguration"]
  assert access["uniformBucketLevelAccess"]["enabled"]
  assert access["publicAccessPrevention"] == "enforced"
  assert created["location"].lower() == "us-central1"


def stack_outputs(cloud):
  held = cloud.pulumi.resources(cloud.state, cloud.stack)
  return next(each["outputs"] for each in held if "Stack" in each["type"])


def wait_until(true, process):
  while not true():
    assert process.poll() is None
    time.sleep(0.05)
