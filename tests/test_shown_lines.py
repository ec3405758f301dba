"""How a job's lines look here."""

from __future__ import annotations

import datetime

import pytest

from keras_remote_core.blocking import line_text
from keras_remote_core.model import LogLine

NOW = datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize(
  ("worker", "workers", "shown"),
  [
    ("0", 1, "loss: 1"),
    ("0", 2, "[0] loss: 1"),
    ("proxy", 1, "[proxy] loss: 1"),
  ],
)
def test_a_line_is_tagged_where_others_than_one_host_print(
  worker, workers, shown
):
  line = LogLine(worker=worker, time=NOW, text="loss: 1")
  assert line_text(line, workers) == shown
