from __future__ import annotations

import json


def test_a_plan_says_what_would_happen_and_starts_nothing(cli, folder):
  shown = cli("plan", "train.py:train").stdout
  assert "nothing better is configured" in shown
  assert "train.py" in shown
  assert json.loads(cli("jobs", "list", "--json").stdout) == []


def test_options_override_what_the_plan_would_be(cli, folder):
  options = ("--accelerator", "v6e-8", "--backend", "local")
  shown = cli("plan", "train.py:train", *options, "--set", "timeout=90m")
  plan = json.loads(
    cli(
      "plan", "train.py:train", *options, "--set", "timeout=90m", "--json"
    ).stdout
  )
  assert "8 TPU chips" in shown.stdout
  assert plan["accelerator"] == "v6e-2x4"
  assert plan["timeout"] == 5400
  assert plan["backend"] == {"name": "local", "why": "argument"}


def test_manifests_are_what_the_backend_would_create(cli, folder):
  (process,) = json.loads(cli("plan", "train.py:train", "--manifests").stdout)
  assert process["kind"] == "Process"
  assert "--manifest=sha256:UNBUILT" in process["command"]
  both = json.loads(
    cli("plan", "train.py:train", "--manifests", "--json").stdout
  )
  assert both["manifests"][0]["kind"] == "Process"


def test_a_plan_names_secrets_and_never_shows_them(cli, folder, monkeypatch):
  monkeypatch.setenv("WANDB_API_KEY", "hunter2")
  for form in ((), ("--json",), ("--manifests",)):
    shown = cli(
      "plan", "train.py:train", "--set", "secrets=WANDB_API_KEY", *form
    ).stdout
    assert "WANDB_API_KEY" in shown
    assert "hunter2" not in shown
