"""A user's mistake is shown where it was made; a bug of ours is shown whole."""

from __future__ import annotations

import traceback

import pytest

import keras_remote
from keras_remote_core import errors, tracebacks


def shown(error):
  """The functions in an exception's traceback, outermost first."""
  return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


def decorate_wrongly():
  with pytest.raises(errors.UnknownParameter) as caught:
    keras_remote.run(acelerator="cpu")
  return caught.value


@tracebacks.user_facing
def meets(error):
  raise error


def test_of_a_mistake_only_the_callers_frames_show():
  assert shown(decorate_wrongly()) == ["decorate_wrongly", "call"]


def test_what_led_to_a_mistakes_error_inside_of_us_does_not_show():
  with pytest.raises(errors.StoreError) as caught:
    keras_remote.run(store="file:///proc/absent")(len)(())
  text = "".join(traceback.format_exception(caught.value))
  assert "direct cause" not in text
  assert "During handling" not in text
  assert "file_remote" not in text


def test_a_variable_brings_everything_back(monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_DEBUG", "1")
  assert "_check_names" in shown(decorate_wrongly())


def test_a_bug_of_ours_keeps_its_whole_traceback():
  with pytest.raises(ZeroDivisionError) as caught:
    meets(ZeroDivisionError())
  assert shown(caught.value)[-2:] == ["call", "meets"]


def test_an_interrupt_does_not_show_where_we_waited():
  with pytest.raises(KeyboardInterrupt) as caught:
    meets(KeyboardInterrupt())
  assert shown(caught.value)[-1] == "call"
