"""A store that cannot be reached, which is not the same as an empty one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core.errors import StoreError
from keras_remote_core.testing.store_part import Part
from keras_remote_core.testing.store_races import Opener

_USES: dict[str, Callable[[Any, Path], object]] = {
  "put": lambda store, folder: store.put(folder / "source", "key"),
  "get": lambda store, folder: store.get("key", folder / "target"),
  "read": lambda store, folder: store.read("key"),
  "write": lambda store, folder: store.write("key", b"data"),
  "touch": lambda store, folder: store.touch("key"),
  "exists": lambda store, folder: store.exists("key"),
  "list": lambda store, folder: list(store.list("key")),
  "delete": lambda store, folder: store.delete("key"),
}


class Failures(Part):
  @pytest.mark.parametrize("verb", _USES)
  def test_a_store_out_of_reach_is_a_failure_and_no_answer(
    self, verb: str, unreachable: Opener | None, tmp_path: Path
  ) -> None:
    if unreachable is None:
      pytest.skip("no fixture 'unreachable': it can always be reached")
    (tmp_path / "source").write_bytes(b"data")
    with pytest.raises(self.failure) as caught:
      _USES[verb](unreachable(), tmp_path)
    answers = (FileNotFoundError, FileExistsError)
    assert not isinstance(caught.value, answers)
    if isinstance(caught.value, StoreError):
      assert caught.value.remedy
