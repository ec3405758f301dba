from __future__ import annotations

import pytest

from keras_remote_core import places

PLACES = {
  "config": places.config_dir,
  "data": places.data_dir,
  "state": places.state_dir,
  "cache": places.cache_dir,
}


def test_one_variable_moves_every_folder_and_nothing_is_created(
  tmp_path, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path))
  for kind, place in PLACES.items():
    assert place() == tmp_path / kind
  assert list(tmp_path.iterdir()) == []


def test_a_relative_home_does_not_move_with_the_working_directory(
  tmp_path, monkeypatch
):
  monkeypatch.chdir(tmp_path)
  monkeypatch.setenv("KERAS_REMOTE_HOME", "here")
  assert places.data_dir() == tmp_path / "here" / "data"


@pytest.mark.parametrize("kind", PLACES)
def test_without_it_the_platform_decides(kind, monkeypatch):
  monkeypatch.delenv("KERAS_REMOTE_HOME", raising=False)
  place = PLACES[kind]()
  assert place.is_absolute()
  assert "keras-remote" in place.parts
