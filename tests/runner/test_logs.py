"""A job's output is gathered in order, in chunks, and never without bound."""

from __future__ import annotations

import json
import os
import threading

from hypothesis import given
from hypothesis import strategies as st

from keras_remote_runner import logs


def texts_of(stored):
  chunks = [stored[number] for number in range(len(stored))]
  return [json.loads(line)[1] for data in chunks for line in data.splitlines()]


def pumped(write, interval=0.0):
  """What is stored of what ``write(file)`` prints."""
  stored: dict[int, bytes] = {}
  pump = logs.Pump(logs.Chunks(stored.__setitem__), interval)
  reading, writing = os.pipe()
  pump.attach(reading)
  with os.fdopen(writing, "w", newline="") as file:
    write(file)
  pump.finish()
  return stored, pump


def test_every_line_arrives_in_order():
  stored, _ = pumped(
    lambda file: file.writelines(f"{n}\n" for n in range(100_000))
  )
  assert texts_of(stored) == [str(number) for number in range(100_000)]


def test_a_last_line_without_its_end_counts():
  stored, pump = pumped(lambda file: file.write("one\ntwo"))
  assert texts_of(stored) == ["one", "two"]
  assert pump.tail() == ("one", "two")


def test_the_tail_is_bounded():
  _, pump = pumped(lambda file: file.writelines(f"{n}\n" for n in range(500)))
  assert pump.tail() == tuple(str(n) for n in range(500 - logs.TAIL, 500))


def test_a_progress_bar_shows_before_its_line_ends():
  shown = threading.Event()
  pump = logs.Pump(logs.Chunks(lambda number, data: shown.set()), 0.0)
  reading, writing = os.pipe()
  pump.attach(reading)
  try:
    os.write(writing, b"epoch 1: 10%\repoch 1: 20%\repoch 1: 30%")
    assert shown.wait(10)
  finally:
    os.close(writing)
    pump.finish()
  assert pump.tail() == ("epoch 1: 20%", "epoch 1: 30%")


def test_lines_are_gathered_while_the_interval_runs():
  stored, _ = pumped(
    lambda file: [file.write(f"{n}\n") and file.flush() for n in range(300)],
    interval=60.0,
  )
  assert len(stored) <= 2
  assert len(texts_of(stored)) == 300


class Flaky:
  """Chunks by number, in a store that is away now and then."""

  def __init__(self, away):
    self.stored, self._away = {}, iter(away)

  def __call__(self, number, data):
    if next(self._away, False):
      raise OSError("the store is away")
    self.stored[number] = data


@given(st.lists(st.tuples(st.lists(st.text(), min_size=1), st.booleans())))
def test_a_store_that_is_away_for_a_while_loses_nothing(batches):
  store = Flaky([away for _, away in batches])
  chunks = logs.Chunks(store)
  for texts, _ in batches:
    chunks.add([(0.0, text) for text in texts])
  chunks.close()
  assert chunks.failure is None
  assert texts_of(store.stored) == [
    text for texts, _ in batches for text in texts
  ]


def test_a_store_that_stays_away_costs_no_memory_without_end():
  store = Flaky([True] * 50)
  chunks = logs.Chunks(store)
  for number in range(50):
    chunks.add([(0.0, str(number * 100 + each)) for each in range(100)])
  assert str(chunks.failure) == "the store is away"
  chunks.close()
  note, *kept = texts_of(store.stored)
  assert note == "keras-remote: lines before this were lost"
  assert kept == [str(number) for number in range(4000, 5000)]


@given(
  st.lists(st.lists(st.text(), min_size=1), max_size=20), st.integers(0, 500)
)
def test_past_the_limit_only_the_last_lines_are_kept(batches, limit):
  stored: dict[int, bytes] = {}
  chunks = logs.Chunks(stored.__setitem__, limit)
  for batch in batches:
    chunks.add([(0.0, text) for text in batch])
  chunks.close()
  printed = [text for batch in batches for text in batch]
  told = texts_of(stored)
  notes = [n for n, text in enumerate(told) if text.endswith("the last lines")]
  if notes:
    (note,) = notes
    assert told[:note] + told[note + 1 :] == printed
  else:
    assert told == printed
