from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_gke import names, syntax


@given(st.text(max_size=200))
def test_any_users_name_becomes_a_label_or_nothing(name):
  made = names.user(name)
  assert re.fullmatch(r"([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?", made)


@pytest.mark.parametrize("name", ["ada", "Ada.Lovelace", "ada_l", "a-1"])
def test_a_name_that_is_a_label_stays_as_it_is(name):
  assert names.user(name) == name


def test_a_name_in_letters_that_labels_lack_is_none():
  assert names.user("安娜") == ""


@given(st.text(alphabet="abcZ09-._/", max_size=80))
def test_a_reservation_is_taken_apart_or_refused(text):
  try:
    project, name = syntax.reservation_parts(text)
  except ValueError:
    return
  whole = f"projects/{project}/reservations/{name}" if project else name
  assert whole == text


@pytest.mark.parametrize(
  "key",
  ["keras-remote/x", "app.kubernetes.io/managed-by", "controller-uid"]
  + ["batch.kubernetes.io/job-name"],
)
def test_keys_that_jobs_are_found_by_are_nobody_elses(key):
  assert names.reserved(key)


@pytest.mark.parametrize("key", ["team", "app.kubernetes.io/name", "jobs"])
def test_other_keys_are_the_users(key):
  assert not names.reserved(key)
