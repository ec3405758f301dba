"""What the function raised is raised here, with the job's frames in sight."""

from __future__ import annotations

import traceback

import pytest

from keras_remote_core.errors import JobFailed, RemoteError


def shown(error):
  return "".join(traceback.format_exception(error))


def test_the_same_type_is_raised_with_its_attributes(remote):
  def missing():
    import pathlib

    pathlib.Path("absent.txt").read_text()

  with pytest.raises(FileNotFoundError) as caught:
    remote(missing)()
  assert caught.value.filename == "absent.txt"


def test_remote_frames_show_with_their_lines(python, script):
  script(
    """
    def divide(a, b):
      return a / b  # the culprit
    """,
    "maths.py",
  )
  script(
    """
    import keras_remote

    @keras_remote.run(backend="local")
    def train(x):
      import maths
      return maths.divide(x, 0)  # calls it

    train(1)
    """
  )
  told = python("script.py", code=1).stderr
  assert "return maths.divide(x, 0)  # calls it" in told
  assert "return a / b  # the culprit" in told
  assert 'maths.py", line 3, in divide' in told
  assert "raised in job train-" in told
  assert told.rindex("the culprit") < told.rindex("ZeroDivisionError")
  assert "keras_remote_runner" not in told


def test_frames_without_a_file_here_come_as_a_note(remote):
  def fail():
    raise ValueError("typed at a prompt")

  with pytest.raises(ValueError, match="typed at a prompt") as caught:
    remote(fail)()
  assert "In the job:" in shown(caught.value)
  assert "in fail" in shown(caught.value)


def test_an_exception_that_does_not_pickle_keeps_type_message_and_traceback(
  remote,
):
  def fail():
    import threading

    class LockedError(Exception):
      def __init__(self, text):
        super().__init__(text)
        self.lock = threading.Lock()

    raise LockedError("cannot travel")

  with pytest.raises(RemoteError) as caught:
    remote(fail)()
  assert caught.value.type_name.endswith("LockedError")
  assert "cannot travel" in caught.value.message
  assert "in fail" in caught.value.traceback


def test_an_exception_that_only_unpickling_breaks_is_told_the_same(remote):
  def fail():
    class Demanding(Exception):
      def __init__(self, a, b):
        super().__init__(f"{a} and {b}")

    raise Demanding("this", "that")

  with pytest.raises(RemoteError, match="Demanding: this and that"):
    remote(fail)()


@pytest.mark.parametrize(
  ("name", "message"),
  [("SystemExit", "3"), ("KeyboardInterrupt", "stop"), ("GeneratorExit", "x")],
)
def test_what_would_end_this_process_too_does_not(remote, name, message):
  def leave(name, message):
    import builtins

    raise getattr(builtins, name)(message)

  with pytest.raises(RemoteError) as caught:
    remote(leave)(name, message)
  assert caught.value.type_name == name
  assert f"{name}: {message}" in caught.value.message


def test_sys_exit_without_failure_is_no_return_value(remote):
  def leave():
    import sys

    sys.exit(0)

  with pytest.raises(RemoteError, match="SystemExit: 0"):
    remote(leave)()


def test_leaving_without_a_word_is_told(remote):
  def leave():
    import os

    os._exit(3)

  with pytest.raises(JobFailed, match="exited with status 3") as caught:
    remote(leave)()
  assert caught.value.reason == "Exited"


def test_the_cause_of_an_exception_shows(remote):
  def chain():
    try:
      {"other": 1}["key"]
    except KeyError as error:
      raise RuntimeError("outer") from error

  with pytest.raises(RuntimeError, match="outer") as caught:
    remote(chain)()
  told = shown(caught.value)
  assert "KeyError: 'key'" in told
  assert "direct cause" in told


def test_an_exception_group_comes_whole(remote):
  def fail():
    raise ExceptionGroup("several", [ValueError("a"), TypeError("b")])

  with pytest.raises(ExceptionGroup) as caught:
    remote(fail)()
  assert [str(each) for each in caught.value.exceptions] == ["a", "b"]


def test_an_exception_without_a_message_or_str_is_still_told(remote):
  def fail():
    class Mute(Exception):
      def __str__(self):
        raise RuntimeError

      def __reduce__(self):
        raise TypeError

    raise Mute

  with pytest.raises(RemoteError, match=r"its str\(\) raised RuntimeError"):
    remote(fail)()


def test_the_value_of_a_long_recursion_is_an_ordinary_error(remote):
  def deep(n):
    return deep(n + 1)

  with pytest.raises(RecursionError) as caught:
    remote(deep)(0)
  assert len(shown(caught.value)) < 100_000


def test_results_own_exceptions_are_values(remote):
  error = remote(lambda: ValueError("returned"))()
  assert isinstance(error, ValueError)
