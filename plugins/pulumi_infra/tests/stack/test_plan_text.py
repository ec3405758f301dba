from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_pulumi_infra import plan_text
from keras_remote_pulumi_infra.progress import Line, called, elapsed

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True)
LINES = st.builds(
  Line,
  operation=st.sampled_from(["create", "update", "replace", "delete", "same"]),
  kind=st.sampled_from(["API", "node pool", "cluster", "policy", "odd thing"]),
  name=NAMES,
  detail=st.sampled_from(["", "us-central1-a"]),
)

PLAN = """\
cluster c:
+  2 APIs           container, iam
+  1 cluster        c (us-central1-a)
+  1 policy         policy
~  1 node pool      cpu (autoscaling)
-  1 node pool      old
4 to make, 1 to change, 1 to remove; 1 unchanged"""


def line(operation, kind, name, detail=""):
  return Line(operation=operation, kind=kind, name=name, detail=detail)


def test_a_plan_has_a_paragraph_per_kind_and_a_sum():
  lines = [
    line("update", "node pool", "pool-cpu", "autoscaling"),
    line("create", "policy", "policy"),
    line("same", "bucket", "bucket"),
    line("create", "API", "api-iam"),
    line("delete", "node pool", "pool-old"),
    line("create", "cluster", "c", "us-central1-a"),
    line("create", "API", "api-container"),
  ]
  shown = plan_text.text("cluster c:", lines)
  assert shown.split() == PLAN.split()


@given(st.lists(LINES, max_size=60))
def test_whatever_changes_is_named_within_the_width(lines):
  shown = plan_text.text("heading", lines)
  assert max(map(len, shown.splitlines())) <= 80
  for each in lines:
    assert not each.changes or each.title in shown


def test_where_nothing_changes_it_says_so():
  told = plan_text.summary([line("same", "bucket", "bucket")])
  assert told == "nothing to do: all 1 are as they should be"


@pytest.mark.parametrize(
  ("kind", "name", "shown"),
  [
    ("API", "api-iam", "API iam"),
    ("node pool", "pool-v6e-4x4", "node pool v6e-4x4"),
    ("bucket", "bucket", "bucket"),
    ("controller", "lws", "controller lws"),
    ("role", "role", "role"),
  ],
)
def test_a_name_does_not_repeat_its_kind(kind, name, shown):
  assert called(kind, name) == shown


def test_only_what_took_its_time_has_a_time():
  assert elapsed(0.4) == ""
  assert elapsed(423) == " 7m3s"
