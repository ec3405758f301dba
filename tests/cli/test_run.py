from __future__ import annotations

import json


def test_run_prints_what_the_job_prints_and_the_value_it_returns(cli, folder):
  done = cli("run", "train.py:train", "epochs=2", "--set", "timeout=1m")
  *printed, value = done.stdout.splitlines()
  assert printed == ["[/INST] [epoch 1] [bold]x[/bold]"]
  assert value == "{'epochs': 2, 'rate': 0.5}"
  assert "submit (local" in done.stderr


def test_arguments_reach_the_function_in_every_way(cli, folder):
  done = cli(
    "run", "train.py:train", "--args", "[3]", "--kwargs", '{"rate": 1e-3}'
  )
  assert "{'epochs': 3, 'rate': 0.001}" in done.stdout


def test_json_is_all_there_is_on_standard_output(cli, folder):
  done = cli("run", "train.py:train", "epochs=2", "--json")
  assert json.loads(done.stdout) == {"epochs": 2, "rate": 0.5}
  assert "[/INST]" in done.stderr


def test_a_value_without_a_json_form_says_so(cli, folder):
  (folder / "odd.py").write_text("def f(): return {1, 2}\n")
  failed = cli("run", "odd.py:f", "--json", code=2)
  assert "a set, has no JSON form" in failed.stderr


def test_a_function_need_not_be_decorated(cli, folder):
  assert cli("run", "train.py:plain", "number=4").stdout == "5\n"


def test_options_override_the_decorators(cli, folder):
  (folder / "fast.py").write_text(
    "import keras_remote\n\n"
    "@keras_remote.run(accelerator='v6e-8', backend='nowhere')\n"
    "def f(): return 'here'\n"
  )
  assert "nowhere" in cli("run", "fast.py:f", code=2).stderr
  options = ("--backend", "local", "--accelerator", "cpu")
  assert cli("run", "fast.py:f", *options).stdout == "'here'\n"


def test_what_the_function_raised_is_shown_from_its_own_frames_on(cli, folder):
  failed = cli("run", "train.py:breaks", code=1)
  assert "Traceback" in failed.stderr
  assert 'raise ValueError("no such luck")' in failed.stderr
  assert "ValueError: no such luck" in failed.stderr
  assert "keras_remote_core" not in failed.stderr


def test_an_exit_of_the_function_shows_the_remote_traceback(cli, folder):
  (folder / "odd.py").write_text("def f():\n  raise SystemExit(7)\n")
  failed = cli("run", "odd.py:f", code=1)
  assert "Error: SystemExit: 7" in failed.stderr
  assert 'odd.py", line 2, in f' in failed.stderr


def test_arguments_the_function_does_not_take_start_no_job(cli, folder):
  failed = cli("run", "train.py:train", "epocs=2", code=2)
  assert "train(epochs, rate=0.5) cannot be called so" in failed.stderr
  assert json.loads(cli("jobs", "list", "--json").stdout) == []


def test_an_unknown_parameter_answers_with_the_nearest(cli, folder):
  failed = cli("run", "train.py:breaks", "--set", "timout=3m", code=2)
  assert "write 'timeout'" in failed.stderr


def test_a_missing_backend_is_an_error_of_the_environment(cli, folder):
  failed = cli("run", "train.py:breaks", "--accelerator", "v6e-8", code=3)
  assert 'pip install "keras-remote[' in failed.stderr
  assert "Traceback" not in failed.stderr


def test_a_detached_job_is_collected_by_its_id(cli, folder):
  done = cli("run", "train.py:train", "epochs=7", "--detach")
  (job_id,) = done.stdout.splitlines()
  assert "'epochs': 7" in cli("jobs", "result", job_id).stdout


def test_a_detached_jobs_id_comes_as_json_too(cli, folder):
  done = cli("run", "train.py:train", "epochs=7", "--detach", "--json")
  job_id = json.loads(done.stdout)["id"]
  cli("jobs", "result", job_id)


AWAY = """
from keras_remote_core import BackendProvider, hookimpl
from keras_remote_core.builtin.local.backend import LocalBackend
from keras_remote_core.errors import MachineError

class Away(LocalBackend):
  def status(self, handle):
    raise MachineError("ssh failed", remedy="see to it that it works")

@hookimpl
def keras_remote_backends():
  yield BackendProvider(
    name="away",
    summary="Starts jobs, and cannot be asked for them.",
    implementation="away:Away",
    companions={"image_builder": "local"},
  )
"""


def test_a_wait_that_breaks_off_says_that_the_job_goes_on(cli, folder, install):
  install("away", AWAY)
  failed = cli("run", "train.py:plain", "number=1", "--backend", "away", code=3)
  note, error = failed.stderr.splitlines()[-3:-1]
  assert "goes on; collect it with: keras-remote jobs result plain-" in note
  assert error == "Error: ssh failed"
