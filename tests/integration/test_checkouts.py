"""A checkout installs with extras, its plugins beside it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def test_pip_installs_a_checkout_with_extras(call, tmp_path):
  call(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
  bin_ = tmp_path / "venv" / "bin"
  pip = (bin_ / "python", "-m", "pip", "install", "--quiet", "--no-compile")
  call(*pip, "--editable", f"{CHECKOUT}[gke,pathways]", cwd=tmp_path)
  text = call(bin_ / "keras-remote", "plugins", "list", "--json", cwd=tmp_path)
  found = {each["name"]: each["error"] for each in json.loads(text)}
  assert found == dict.fromkeys(("builtin", "gcp", "gke", "pathways"))


@pytest.mark.parametrize("extra", ["all"])
def test_uv_installs_a_checkout_with_every_plugin(fresh, extra):
  environment = fresh(sys.executable)
  environment.install("--editable", f"{CHECKOUT}[{extra}]")
  found = environment.plugins()
  assert not any(found.values())
  names = {each.parent.name.replace("_", "-") for each in PLUGINS}
  assert found.keys() == {"builtin", *names}


PLUGINS = list(CHECKOUT.glob("plugins/*/pyproject.toml"))
