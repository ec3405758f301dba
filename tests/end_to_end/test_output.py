"""What a function prints arrives, whole and in order."""

# ruff: noqa: T201 (printing is what is tested)

from __future__ import annotations

import os
import signal

import pytest


def test_a_flood_of_output_arrives_in_order(remote, capsys):
  def flood(lines):
    import sys

    sys.stdout.writelines(f"{number}\n" for number in range(lines))

  remote(flood)(200_000)
  printed = capsys.readouterr().out.splitlines()
  assert printed == [str(number) for number in range(200_000)]


def test_very_long_lines_arrive_whole_though_cut(remote):
  def shout():
    print("ä" * 1_000_000)
    print("end")

  job = remote(shout).submit()
  job.result()
  *pieces, last = [line.text for line in job.logs()]
  assert "".join(pieces) == "ä" * 1_000_000
  assert last == "end"


def test_both_streams_of_the_process_and_its_children_are_taken(remote):
  def speak():
    import subprocess
    import sys

    print("from Python", flush=True)
    print("on stderr", file=sys.stderr, flush=True)
    subprocess.run(["echo", "from a child"], check=True)

  job = remote(speak).submit()
  job.result()
  texts = [line.text for line in job.logs()]
  assert texts == ["from Python", "on stderr", "from a child"]


def test_lines_come_while_the_function_runs(remote, until, tmp_path):
  def wait_for(path):
    import pathlib
    import time

    print("waiting", flush=True)
    while not pathlib.Path(path).exists():
      time.sleep(0.02)
    return "went on"

  job = remote(wait_for).submit(str(tmp_path / "signal"))
  assert next(job.logs(follow=True)).text == "waiting"
  (tmp_path / "signal").touch()
  assert job.result() == "went on"


def test_a_line_without_an_end_and_odd_bytes_are_kept(remote):
  def speak():
    import sys

    sys.stdout.buffer.write(b"caf\xe9 \xc3\xa9 \x1b[31mred\x1b[0m\nno end")

  job = remote(speak).submit()
  job.result()
  texts = [line.text for line in job.logs()]
  assert texts == ["caf� é \x1b[31mred\x1b[0m", "no end"]


def test_threads_left_running_end_with_the_job_and_are_named(remote):
  def leave():
    import threading
    import time

    threading.Thread(target=time.sleep, args=(600,), name="poller").start()
    return "done"

  job = remote(leave).submit()
  assert job.result(timeout=25) == "done"
  told = [line.text for line in job.logs()]
  assert "left 1 thread(s) running (poller)" in told[-1]


def test_processes_left_running_end_with_the_job(remote, alive, until):
  def leave():
    import subprocess

    return subprocess.Popen(["sleep", "600"]).pid

  pid = remote(leave)()
  until(lambda: not alive(pid))


def test_a_process_that_left_the_jobs_group_does_not_hold_it_up(remote, until):
  def leave():
    import subprocess

    left = subprocess.Popen(["sleep", "600"], start_new_session=True)
    return left.pid

  job = remote(leave).submit()
  try:
    assert job.result(timeout=25)
  finally:
    os.kill(job.result(), signal.SIGKILL)


def test_closed_streams_do_not_lose_the_value(remote):
  def close():
    import os
    import sys

    print("before")
    sys.stdout.flush()
    os.close(1)
    os.close(2)
    return 42

  assert remote(close)() == 42


@pytest.mark.parametrize("level", ["warning", "info"])
def test_logging_shows_as_it_does_here(remote, level):
  def log(level):
    import logging

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    getattr(logging, level)("epoch %d", 3)

  job = remote(log).submit(level)
  job.result()
  assert [line.text for line in job.logs()] == [f"{level.upper()} epoch 3"]
