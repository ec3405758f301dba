"""A store that cannot be reached, which is not the same as an empty one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core.errors import StoreError
from keras_remote_core.testing.store_races import Opener

_USES: tuple[Callable[[Any, Path], object], ...] = (
  lambda store, folder: store.put(folder / "source", "key"),
  lambda store, folder: store.get("key", folder / "target"),
  lambda store, folder: store.read("key"),
  lambda store, folder: store.write("key", b"data"),
  lambda store, folder: store.touch("key"),
  lambda store, folder: store.exists("key"),
  lambda store, folder: list(store.list("key")),
  lambda store, folder: store.delete("key"),
)


class Failures:
  failure: type[Exception] = StoreError

  def test_a_store_out_of_reach_is_a_failure_and_no_answer(
    self, unreachable: Opener | None, tmp_path: Path
  ) -> None:
    if unreachable is None:
      pytest.skip("no fixture 'unreachable': it can always be reached")
    (tmp_path / "source").write_bytes(b"data")
    for use in _USES:
      with pytest.raises(self.failure) as caught:
        use(unreachable(), tmp_path)
      answers = (FileNotFoundError, FileExistsError)
      assert not isinstance(caught.value, answers)
      if isinstance(caught.value, StoreError):
        assert caught.value.remedy
