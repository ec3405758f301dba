"""What a Job says of itself, and when it starts again."""

from __future__ import annotations

import pytest

from keras_remote_core import wire
from keras_remote_gke import names
from keras_remote_runner import outcome

DAY = 86400


def actions(made):
  rules = made.job["spec"]["podFailurePolicy"]["rules"]
  return [rule["action"] for rule in rules]


def codes(made, action):
  return [
    rule["onExitCodes"]["values"]
    for rule in made.job["spec"]["podFailurePolicy"]["rules"]
    if rule["action"] == action
  ]


def test_without_retries_nothing_starts_twice(make):
  made = make("l4:spot")
  assert made.job["spec"]["backoffLimit"] == 0
  assert "Ignore" not in actions(made)


def test_a_machine_that_is_taken_away_costs_no_retry(make):
  made = make("l4:spot", retries=2)
  assert made.job["spec"]["backoffLimit"] == 2
  assert made.plan.attempts == 3
  assert actions(made) == ["Ignore", "FailJob", "Count"]


@pytest.mark.parametrize("retries", [0, 5])
def test_what_would_fail_again_is_not_tried_again(make, retries):
  made = make(retries=retries)
  assert codes(made, "FailJob") == [[outcome.RAISED, outcome.REFUSED]]
  assert outcome.FAILED not in codes(made, "Count")[0]
  assert outcome.STOPPED not in codes(made, "Count")[0]


def test_rules_speak_of_the_container_that_there_is(make):
  made = make(retries=1)
  named = {
    rule["onExitCodes"]["containerName"]
    for rule in made.job["spec"]["podFailurePolicy"]["rules"]
    if "onExitCodes" in rule
  }
  assert named == {made.container["name"]}


def test_another_pod_waits_until_the_last_has_ended(make):
  assert make(retries=1).job["spec"]["podReplacementPolicy"] == "Failed"


def test_a_job_without_a_timeout_has_no_deadline(make):
  assert "activeDeadlineSeconds" not in make().job["spec"]


def test_the_clusters_own_deadline_is_far_behind_the_runners(make):
  spec = make(timeout="1h").job["spec"]
  assert spec["activeDeadlineSeconds"] == 3600 + 7 * DAY


def test_a_deadline_leaves_each_attempt_all_the_time_it_may_wait(make):
  made = make(timeout=10.5, pending_timeout="30d", retries=1)
  assert made.job["spec"]["activeDeadlineSeconds"] == 21 + 2 * 30 * DAY


def test_a_job_stays_for_a_week_after_its_end(make):
  assert make().job["spec"]["ttlSecondsAfterFinished"] == 7 * DAY


def test_a_job_carries_the_handle_by_which_any_machine_finds_it(make):
  made = make("v6e-2x4", retries=1)
  annotations = made.job["metadata"]["annotations"]
  handle = wire.decode_handle(annotations[names.HANDLE].encode())
  assert handle.job_id == made.plan.job_id == made.job["metadata"]["name"]
  assert (handle.accelerator, handle.attempts) == ("v6e-2x4", 2)


def test_a_job_is_found_by_its_id_and_by_who_submitted_it(make):
  job = make(labels={"team": "a"}).job
  for metadata in (job["metadata"], job["spec"]["template"]["metadata"]):
    assert metadata["labels"] == {
      "team": "a",
      "app.kubernetes.io/managed-by": "keras-remote",
      "keras-remote/job-id": "train-0102-030405-abc123",
      "keras-remote/user": "ada",
    }


def test_the_queue_admits_the_job_and_not_its_pods(make):
  job = make(queue="team-a").job
  pod = job["spec"]["template"]["metadata"]
  assert job["metadata"]["labels"][names.QUEUE] == "team-a"
  assert names.QUEUE not in pod["labels"]
  assert "suspend" not in job["spec"]


def test_annotations_reach_the_job_and_its_pods_as_they_were_written(make):
  given = {"gke-gcsfuse/volumes": "true", "note": "{x} [/bold] $(date)\n"}
  job = make(annotations=given).job
  for metadata in (job["metadata"], job["spec"]["template"]["metadata"]):
    assert given.items() <= metadata["annotations"].items()


@pytest.mark.parametrize("kept", ["true", "false"])
def test_a_running_job_is_not_moved_unless_somebody_allows_it(make, kept):
  key = "cluster-autoscaler.kubernetes.io/safe-to-evict"
  given = {"annotations": {key: "true"}} if kept == "true" else {}
  metadata = make(**given).job["spec"]["template"]["metadata"]
  assert metadata["annotations"][key] == kept


def test_everything_lies_in_the_namespace_that_was_asked_for(make):
  made = make(namespace="research")
  spaces = {each["metadata"]["namespace"] for each in made.created}
  assert spaces == {"research"}
