"""Every project and cluster has a bucket that Cloud Storage would make."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from keras_remote_gcp import buckets

PROJECTS = st.from_regex(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", fullmatch=True)
CLUSTERS = st.from_regex(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?", fullmatch=True)


@given(PROJECTS, CLUSTERS)
def test_the_name_is_one_that_a_bucket_can_have(project, cluster):
  name = buckets.name(project, cluster)
  assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", name)
  assert name.startswith(project)


@given(PROJECTS, CLUSTERS, CLUSTERS)
def test_two_clusters_of_a_project_never_share_a_bucket(project, one, other):
  same = buckets.name(project, one) == buckets.name(project, other)
  assert same == (one == other)


def test_what_fits_is_plain():
  assert buckets.name("mine", "c") == "mine-keras-remote-c"
