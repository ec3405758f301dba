"""What uv is configured for on a machine does not spoil the lock of all."""

from __future__ import annotations

import pytest

from keras_remote_cloudbuild.errors import Unresolvable


@pytest.mark.parametrize("option", ["emit-index-url", "emit-find-links"])
def test_what_uv_is_told_to_write_besides_does_not_get_into_locks(
  site, tmp_path, monkeypatch, option
):
  _configure_uv(tmp_path, monkeypatch, f"{option} = true")
  assert site().build("keras").reference


def test_a_lock_that_lacks_something_reaches_nobody(
  site, tmp_path, monkeypatch
):
  _configure_uv(tmp_path, monkeypatch, 'no-emit-package = ["keras"]')
  made = site()
  with pytest.raises(Unresolvable, match="lacks keras") as caught:
    made.build("keras")
  assert "UV_NO_CONFIG" in (caught.value.remedy or "")
  assert made.stored("locks") == []


def _configure_uv(tmp_path, monkeypatch, line):
  file = tmp_path / "uv.toml"
  file.write_text(f"[pip]\n{line}\n")
  monkeypatch.delenv("UV_NO_CONFIG")
  monkeypatch.setenv("UV_CONFIG_FILE", str(file))
