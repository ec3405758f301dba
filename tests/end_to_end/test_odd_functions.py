"""What a function does to its own process does not cost its caller the value."""

from __future__ import annotations

import pytest

import keras_remote


def test_a_forked_copy_that_leaves_does_not_answer_for_the_function(remote):
  def fork():
    import os
    import sys

    if os.fork() == 0:
      sys.exit(3)
    os.wait()
    return "parent"

  assert remote(fork)() == "parent"


def test_closed_descriptors_and_streams_do_not_lose_the_value(remote):
  def close():
    import os
    import sys

    os.closerange(3, 1000)
    sys.stdout = sys.stderr = None
    return "value"

  assert remote(close)() == "value"


def test_a_thread_left_running_does_not_lose_a_huge_exception(remote):
  def fail():
    import threading
    import time

    threading.Thread(target=time.sleep, args=(60,)).start()
    raise ValueError("x" * 3_000_000)

  for _ in range(3):
    with pytest.raises(ValueError, match="xxx"):
      remote(fail)()


def test_forked_workers_of_a_script_find_its_functions(python, script):
  script(
    """
    import multiprocessing
    import sys

    import keras_remote

    def square(x):
      return x * x

    @keras_remote.run
    def main(n):
      with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(square, range(n)), len(sys.argv)

    print(main(4))
    """
  )
  assert python("script.py").stdout == "([0, 1, 4, 9], 1)\n"


def test_a_function_that_runs_out_of_time_still_cleans_up(remote):
  def wait():
    import time

    try:
      time.sleep(60)
    finally:
      print("cleaned up", flush=True)  # noqa: T201

  with pytest.raises(keras_remote.errors.JobTimeout) as caught:
    remote(wait, timeout=1)()
  assert "cleaned up" in caught.value.lines


@pytest.mark.parametrize("name", ["loss curve.txt", "größe=1,(2).txt"])
def test_outputs_may_have_any_name_people_give_to_files(remote, stored, name):
  def write(name):
    import os

    with open(f"{os.environ['KERAS_REMOTE_OUTPUT_DIR']}/{name}", "w") as file:
      file.write("kept")
    return "value"

  job = remote(write).submit(name)
  assert job.result() == "value"
  assert (stored / "outputs" / job.id / name).read_text() == "kept"


def test_an_output_that_cannot_be_kept_is_named_and_costs_nothing_else(remote):
  def write():
    import os

    with open(f"{os.environ['KERAS_REMOTE_OUTPUT_DIR']}/a\nb", "w"):
      return "value"

  job = remote(write).submit()
  assert job.result() == "value"
  assert "could not be kept" in " ".join(line.text for line in job.logs())


def test_an_exception_whose_str_leaves_the_process_is_still_told(remote):
  def fail():
    class Rude(Exception):
      def __str__(self):
        raise SystemExit(4)

    raise Rude

  with pytest.raises(Exception) as caught:  # noqa: PT011
    remote(fail)()
  assert type(caught.value).__name__ == "Rude"


def test_a_decorated_method_keeps_its_instance_with_other_parameters(
  python, script
):
  script(
    """
    import keras_remote

    class Model:
      size = 2

      @keras_remote.run
      def grow(self, by):
        return self.size * by

    print(Model().grow.with_parameters(timeout=50)(3))
    """
  )
  assert python("script.py").stdout == "6\n"


def test_outputs_that_are_no_files_are_named_and_hold_nothing_up(
  remote, stored
):
  def write():
    import os
    import pathlib

    folder = pathlib.Path(os.environ["KERAS_REMOTE_OUTPUT_DIR"])
    (folder / "step").mkdir()
    (folder / "step" / "weights").write_text("kept")
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "fifo")
    return "value"

  job = remote(write).submit()
  assert job.result(timeout=8) == "value"
  said = " ".join(line.text for line in job.logs())
  assert "'dangling' is no file" in said
  assert "'fifo' is no file" in said
  home = stored / "outputs" / job.id
  assert [each.name for each in home.rglob("*")] == ["step", "weights"]
