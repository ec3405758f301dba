"""Objects by key: written, read, put, got, missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core.errors import StoreError

_LARGE = 3 * 1024 * 1024 + 1
_NOT_KEYS = (
  "",
  "/absolute",
  "../above",
  "a/../b",
  "a/./b",
  "a//b",
  ".",
  "a/..",
  "back\\slash",
  "line\nbreak",
  "line\n",
  "nul\0",
)
_REFUSALS = (StoreError, ValueError)


class Objects:
  def test_what_was_written_is_read(self, store: Any) -> None:
    store.write("a/b.json", b"\x00one\xff")
    assert store.read("a/b.json") == b"\x00one\xff"

  def test_a_second_write_replaces_the_first(self, store: Any) -> None:
    store.write("a", b"a longer first value")
    store.write("a", b"second")
    assert store.read("a") == b"second"

  def test_an_empty_object_is_an_object(
    self, store: Any, tmp_path: Path
  ) -> None:
    store.write("empty", b"")
    store.get("empty", tmp_path / "target")
    assert store.exists("empty")
    assert store.read("empty") == (tmp_path / "target").read_bytes() == b""
    assert [size for _, size, _ in store.list("empty")] == [0]

  def test_large_files_come_back_as_they_went(
    self, store: Any, tmp_path: Path
  ) -> None:
    (tmp_path / "source").write_bytes(bytes(range(251)) * (_LARGE // 251))
    store.put(tmp_path / "source", "large/file")
    store.get("large/file", tmp_path / "target")
    sent, got = (tmp_path / name for name in ("source", "target"))
    assert got.read_bytes() == sent.read_bytes() == store.read("large/file")

  def test_a_put_file_stays_and_is_copied(
    self, store: Any, tmp_path: Path
  ) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"as it was")
    store.put(source, "file")
    source.write_bytes(b"changed since")
    assert store.read("file") == b"as it was"

  def test_a_missing_key_is_not_found(self, store: Any, tmp_path: Path) -> None:
    store.write("there/too", b"")
    for missing in ("absent", "absent/deeper", "there/absent", "there/too/x"):
      with pytest.raises(FileNotFoundError):
        store.read(missing)
      with pytest.raises(FileNotFoundError):
        store.get(missing, tmp_path / "target")
      assert not store.exists(missing)
    assert not (tmp_path / "target").exists()

  def test_a_prefix_is_no_object(self, store: Any) -> None:
    store.write("folder/object", b"")
    assert not store.exists("folder")
    assert store.touch("folder") is False
    with pytest.raises(FileNotFoundError):
      store.read("folder")

  def test_only_if_absent_refuses_what_exists(self, store: Any) -> None:
    store.write("once", b"first", only_if_absent=True)
    with pytest.raises(FileExistsError):
      store.write("once", b"second", only_if_absent=True)
    assert store.read("once") == b"first"

  @pytest.mark.parametrize("key", ["a b/c d.txt", "loss+ä=1,(2).png"])
  def test_any_printable_name_can_be_a_part_of_a_key(
    self, store: Any, key: str
  ) -> None:
    store.write(key, b"kept")
    assert store.read(key) == b"kept"
    assert [entry[0] for entry in store.list(key)] == [key]

  @pytest.mark.parametrize("key", _NOT_KEYS)
  def test_what_is_no_key_is_refused(
    self, store: Any, key: str, tmp_path: Path
  ) -> None:
    (tmp_path / "source").write_bytes(b"")
    store.write("kept", b"")
    uses: dict[str, Callable[[], object]] = {
      "write": lambda: store.write(key, b""),
      "put": lambda: store.put(tmp_path / "source", key),
      "read": lambda: store.read(key),
      "get": lambda: store.get(key, tmp_path / "target"),
      "touch": lambda: store.touch(key),
      "exists": lambda: store.exists(key),
      "delete": lambda: store.delete(key),
    }
    takes_it = [verb for verb, use in uses.items() if not _refuses(use)]
    assert takes_it == []
    assert [each for each, _, _ in store.list("")] == ["kept"]

  def test_a_url_is_text_that_ends_in_the_key(self, store: Any) -> None:
    url = store.url("jobs/a-1/handle.json")
    assert isinstance(url, str)
    assert url.endswith("jobs/a-1/handle.json")


def _refuses(use: Callable[[], object]) -> bool:
  try:
    use()
  except _REFUSALS:
    return True
  return False
