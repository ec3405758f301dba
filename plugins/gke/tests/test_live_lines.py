"""Lines of one pod, from a server that says exactly what it is told to."""

from __future__ import annotations

import pytest

from keras_remote_gcp.testing.server import Response, Server
from keras_remote_gke.api import Api
from keras_remote_gke.live_logs import LiveLog


def stamped(*lines):
  return "".join(
    f"2026-11-25T08:00:{second:02d}.0Z {text}\n" for second, text in lines
  )


@pytest.fixture
def log():
  """Makes the log of a pod of which the server says these things in turn."""
  from kubernetes.client import ApiClient, Configuration

  told = []
  with Server(lambda request: Response(body=[told.pop(0)])) as server:
    client = ApiClient(Configuration(host=server.url))

    def make(*texts):
      told.extend(each.encode() for each in texts)
      return LiveLog(Api(client), "/pod", "0")

    yield make
    client.rest_client.pool_manager.clear()


def texts(lines):
  return [line.text for line in lines]


def test_a_clock_that_is_put_back_costs_no_line(log):
  made = log(stamped((9, "a"), (3, "b"), (4, "c")))
  assert texts(made.follow()) == ["a", "b", "c"]


def test_what_was_read_before_a_stream_broke_is_passed_over(log):
  before = stamped((8, "a"), (9, "b"), (9, "c"))
  made = log(before, before + stamped((9, "d"), (9, "e")))
  assert texts(made.follow()) == ["a", "b", "c"]
  assert texts(made.follow()) == ["d", "e"]
