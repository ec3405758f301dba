"""Whatever is killed, the job's end is told, and nothing is left running."""

from __future__ import annotations

import json
import os
import signal

import pytest

import keras_remote
from keras_remote_core import places
from keras_remote_core.errors import (
  JobCancelled,
  JobFailed,
  JobLost,
  JobTimeout,
  StillRunning,
)
from keras_remote_core.model import Phase


def tell_pid_and_wait(*_):
  import os
  import sys
  import time

  sys.stdout.write(f"{os.getpid()}\n")
  sys.stdout.flush()
  time.sleep(600)


def kill_itself(number):
  import os
  import sys

  for line in range(100):
    sys.stdout.write(f"line {line}\n")
  sys.stdout.flush()
  os.kill(os.getpid(), number)


def supervisor_of(job):
  file = places.state_dir() / "local" / job.id / "process.json"
  return json.loads(file.read_text())["pid"]


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGABRT"])
def test_a_killed_function_is_reported_with_its_last_lines(remote, name):
  with pytest.raises(JobFailed) as caught:
    remote(kill_itself)(getattr(signal, name))
  assert caught.value.reason == "Killed"
  assert name in caught.value.message
  assert caught.value.lines[-1] == "line 99"
  assert "| line 99" in str(caught.value)


def test_a_killed_supervisor_takes_its_function_along_and_is_reported(
  remote, begun, alive, until
):
  job = remote(tell_pid_and_wait).submit()
  function = int(begun(job))
  os.kill(supervisor_of(job), signal.SIGKILL)
  with pytest.raises(JobLost) as caught:
    job.result()
  assert caught.value.reason == "Lost"
  assert caught.value.lines == (str(function),)
  assert job.status().phase is Phase.FAILED
  until(lambda: not alive(function))


def test_a_killed_client_leaves_its_job_running(python, script, begun):
  script(
    """
    import os, signal, time
    import keras_remote

    @keras_remote.run(backend="local")
    def slow():
      print("going on")
      time.sleep(1)
      return "finished"

    job = slow.submit()
    print(job.id, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
    """
  )
  client = python("script.py", check=False)
  assert client.returncode == -signal.SIGKILL
  job = keras_remote.attach(client.stdout.strip())
  assert job.result() == "finished"
  assert [line.text for line in job.logs()] == ["going on"]


def test_a_client_killed_while_it_blocks_leaves_its_job_running(
  started, script, until
):
  script(
    """
    import os, time
    import keras_remote

    @keras_remote.run(backend="local")
    def slow():
      print(os.environ["KERAS_REMOTE_JOB_ID"], flush=True)
      time.sleep(1)
      return "finished"

    slow()
    """
  )
  client = started("script.py")
  job_id = client.stdout.readline().strip()
  client.kill()
  assert keras_remote.attach(job_id).result() == "finished"


def test_a_function_that_takes_too_long_is_ended(remote, begun, alive, until):
  job = remote(tell_pid_and_wait, timeout="1s").submit()
  function = int(begun(job))
  with pytest.raises(JobTimeout, match="limit of 1 s") as caught:
    job.result()
  assert caught.value.reason == "Timeout"
  assert isinstance(caught.value, TimeoutError)
  assert "timeout=" in str(caught.value.remedy)
  until(lambda: not alive(function))


def test_a_function_may_use_sigterm_to_clean_up_before_its_limit_ends_it(
  remote, stored
):
  def clean_up():
    import os
    import pathlib
    import signal
    import sys
    import time

    def save(number, frame):
      folder = pathlib.Path(os.environ["KERAS_REMOTE_OUTPUT_DIR"])
      (folder / "checkpoint").write_text("saved")
      sys.exit(1)

    signal.signal(signal.SIGTERM, save)
    time.sleep(600)

  job = remote(clean_up, timeout=1).submit()
  with pytest.raises(JobTimeout):
    job.result()
  kept = stored / "outputs" / job.id / "checkpoint"
  assert kept.read_text() == "saved"


def test_a_job_that_waits_too_long_for_its_start_is_cancelled(
  remote, alive, until
):
  job = remote(tell_pid_and_wait, pending_timeout=0.001).submit()
  with pytest.raises(JobTimeout, match="pending for longer") as caught:
    job.result()
  assert caught.value.reason == "PendingTimeout"
  assert job.status().phase is Phase.CANCELLED
  until(lambda: not alive(supervisor_of(job)))


def test_waiting_for_a_result_can_end_first(remote, begun):
  job = remote(tell_pid_and_wait).submit()
  begun(job)
  with pytest.raises(StillRunning, match=job.id) as caught:
    job.result(timeout=0.2)
  assert job.id in str(caught.value.remedy)
  assert job.status().phase is Phase.RUNNING
  job.cancel()


def test_a_cancelled_job_ends_with_all_its_processes(
  remote, begun, alive, until
):
  job = remote(tell_pid_and_wait).submit()
  function = int(begun(job))
  job.cancel()
  job.cancel()
  with pytest.raises(JobCancelled, match="was cancelled"):
    job.result()
  assert job.status().phase is Phase.CANCELLED
  until(lambda: not alive(function))
  until(lambda: not alive(supervisor_of(job)))


def test_a_function_that_ignores_sigterm_is_ended_all_the_same(
  remote, begun, alive, until
):
  def stubborn():
    import os
    import signal
    import sys
    import time

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    time.sleep(600)

  job = remote(stubborn).submit()
  function = int(begun(job))
  job.cancel()
  with pytest.raises(JobCancelled):
    job.result()
  until(lambda: not alive(function))


def test_a_recycled_process_number_is_not_mistaken_for_the_job(remote, begun):
  job = remote(tell_pid_and_wait).submit()
  begun(job)
  file = places.state_dir() / "local" / job.id / "process.json"
  mine = {**json.loads(file.read_text()), "pid": os.getpid()}
  real = json.loads(file.read_text())["pid"]
  file.write_text(json.dumps(mine))
  try:
    # It must not end this very process.
    job.backend.cancel(job.handle)
    assert job.status().phase.terminal
    job.backend.delete(job.handle)
  finally:
    os.kill(real, signal.SIGKILL)


def test_deleting_removes_everything_but_the_outputs(remote, begun, stored):
  job = remote(tell_pid_and_wait).submit()
  begun(job)
  job.delete()
  assert not (stored / "jobs" / job.id).exists()
  assert not (places.state_dir() / "local" / job.id).exists()
  with pytest.raises(keras_remote.errors.UnknownJob):
    keras_remote.attach(job.id)
