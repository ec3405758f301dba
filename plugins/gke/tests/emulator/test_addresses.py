from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from keras_remote_gke.testing.kubelet.addresses import ADDRESS, Addresses

SERVICES = ("set", "job-1")


def resolved(text, addresses=None):
  return (addresses or Addresses()).resolved(text, "default", SERVICES)


def test_a_pods_name_becomes_the_address_in_each_of_its_forms():
  for name in ("set-0.set", "set-0.set.default", "set-0.set.default.svc"):
    assert resolved(name) == ADDRESS
  assert resolved("set-0.set.default.svc.cluster.local") == ADDRESS
  assert resolved("set-0-1.set,set-0-2.set") == f"{ADDRESS},{ADDRESS}"


def test_a_port_is_one_of_this_machine_and_the_same_for_everybody():
  addresses = Addresses()
  one, again, other, another = (
    resolved(each, addresses)
    for each in (
      "grpc://set-0.set:29000",
      "grpc://set-0.set.default:29000",
      "grpc://set-1.set:29000",
      "grpc://set-0.set:29001",
    )
  )
  assert re.fullmatch(rf"grpc://{re.escape(ADDRESS)}:\d+", one)
  assert one == again
  assert len({one, other, another}) == 3


def test_other_names_are_left_alone():
  for text in (
    "set-0",
    "set-0.other",
    "example.com:80",
    "set-0.set.elsewhere.example",
    "gs://bucket/set-0.settings",
    "x.set-0.set",
  ):
    assert resolved(text) == text


@given(st.text())
def test_where_there_is_no_service_nothing_changes(text):
  assert Addresses().resolved(text, "default", ()) == text


@given(st.text(alphabet="abc.-:0 /"))
def test_what_names_no_service_does_not_change(text):
  assert resolved(text) == text
