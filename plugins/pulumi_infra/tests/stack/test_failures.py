"""What Pulumi's and Google's words become."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_pulumi_infra import events, failures
from keras_remote_pulumi_infra.errors import Interrupted
from keras_remote_pulumi_infra.events import Diagnostic
from keras_remote_pulumi_infra.watching import Watch

_SDK = "sdk-v2/provider2.go:520: sdk.helper_schema: "


def error(message, kind="node pool", name="pool-cpu"):
  told = [Diagnostic(kind=kind, name=name, message=message)]
  return failures.explained(told, "update failed", "my-project")


@pytest.mark.parametrize(
  ("told", "remedy"),
  [
    (
      "googleapi: Error 403: Quota 'TPUS_PER_TPU_FAMILY' exceeded.  Limit: 0.0",
      "https://console.cloud.google.com/iam-admin/quotas?project=my-project",
    ),
    (
      "googleapi: Error 403: Permission 'iam.serviceAccounts.create' denied on"
      " resource (or it may not exist).",
      "roles/iam.serviceAccountAdmin",
    ),
    (
      "googleapi: Error 403: Permission"
      " 'resourcemanager.projects.setIamPolicy' denied",
      "roles/resourcemanager.projectIamAdmin",
    ),
    (
      "googleapi: Error 403: Permission 'iam.serviceAccounts.actAs' denied on"
      " service account x",
      "roles/iam.serviceAccountUser",
    ),
    (
      'googleapi: Error 400: The user does not have access to service account "'
      'x". Ask a project owner to grant you the iam.serviceAccountUser role',
      "roles/iam.serviceAccountUser",
    ),
    (
      "googleapi: Error 403: Required 'compute.resourcePolicies.create'"
      " permission for 'projects/p/regions/r/resourcePolicies/x'",
      "roles/compute.instanceAdmin.v1",
    ),
    (
      "googleapi: Error 403: Kubernetes Engine API has not been used in project"
      " 1 before or it is disabled. Enable it by visiting https://console."
      "developers.google.com/apis/api/container.googleapis.com/overview",
      "gcloud services enable container.googleapis.com --project=my-project",
    ),
    (
      "googleapi: Error 403: The billing account for the owning project is"
      " disabled in state absent",
      "gcloud billing projects link my-project",
    ),
    (
      "Error waiting for creating GKE NodePool: Google Compute Engine: [GCE_"
      "STOCKOUT] The zone does not have enough resources available",
      "--reservation or --flex-start",
    ),
    (
      "googleapi: Error 409: Already exists: projects/p/clusters/c., "
      "alreadyExists",
      "keras-remote up --adopt",
    ),
    (
      "could not find default credentials. See https://cloud.google.com/docs",
      "gcloud auth application-default login",
    ),
    ("Post https://x: dial tcp: lookup x: no such host", "check the network"),
    ("something that nobody has seen", "keras-remote up goes on from here"),
  ],
)
def test_each_refusal_has_its_own_way_out(told, remedy):
  found = error(_SDK + told)
  assert found.message.startswith("the node pool cpu failed: ")
  assert remedy in str(found.remedy)


def test_a_message_is_a_line_without_what_only_machines_read():
  found = error(
    _SDK + "error creating NodePool: googleapi: Error 403: No.\n  Details:\n"
    '  [\n {"@type": "x"}\n ]\n, forbidden'
  )
  assert found.message == "the node pool cpu failed: Error 403: No."


def test_one_failure_is_told_and_the_others_are_named():
  told = [
    Diagnostic(kind="node pool", name=f"pool-{each}", message="no")
    for each in ("a", "b", "c")
  ]
  found = failures.explained(told, "", "p")
  assert found.message.endswith("a failed: no (failed as well: pool-b, pool-c)")


def test_what_is_about_no_thing_is_told_in_pulumis_words():
  told = [Diagnostic(kind="", name="", message="update failed")]
  found = failures.explained(told, "the program raised", "p")
  assert found.message == "Pulumi failed: the program raised"


@given(st.text(), st.text())
def test_no_words_break_the_message(message, told):
  found = error(message)
  assert "\n" not in found.message
  assert found.remedy
  assert failures.explained([], told, "p").message


def test_a_lock_tells_who_and_since_when():
  text = (
    "error: the stack is currently locked by 1 lock(s). Either wait for the"
    " other process(es) to end or delete the lock file with `pulumi cancel`.\n"
    "  gs://b/.pulumi/locks/organization/keras-remote/p.c/1.json: created by"
    " ann@host (pid 7) at 2026-01-02T03:04:05Z"
  )
  told = failures.holder(text)
  assert told == "ann@host since 2026-01-02T03:04:05Z (process 7)"
  assert failures.holder("locked") == "somebody else"


@pytest.mark.parametrize(
  ("token", "words"),
  [
    ("gcp:container/nodePool:NodePool", "node pool"),
    ("gcp:projects/service:Service", "API"),
    ("gcp:compute/routerNat:RouterNat", "NAT"),
    ("gcp:serviceaccount/account:Account", "service account"),
    ("gcp:compute/resourcePolicy:ResourcePolicy", "resource policy"),
    ("gcp:x/iAMThing:IAMThing", "IAM thing"),
  ],
)
def test_types_have_words(token, words):
  assert events.kind(token) == words


@given(st.text(max_size=40))
def test_every_type_has_some(token):
  assert isinstance(events.kind(token), str)


def test_ctrl_c_ends_a_command_also_when_pulumi_was_done_already():
  watch = Watch()
  with pytest.raises(Interrupted), failures.said("p.c", watch):
    watch.interrupted = True
