"""What a result reader promises, as tests to subclass."""

from __future__ import annotations

import collections
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core.roles import ResultReader

_VALUES = (
  None,
  "naïve\n\0",
  {"loss": [0.5, float("inf")], 1: {(True, b"\xff")}},
  bytes(range(256)) * 4096,
  collections.OrderedDict(b=1, a=2),
)
_DAMAGES: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
  ("empty", lambda whole: b""),
  ("cut in the middle", lambda whole: whole[: len(whole) // 2]),
  ("without its last byte", lambda whole: whole[:-1]),
  ("another file", lambda whole: b"\x89PNG\r\n" * 20),
  ("with bytes after its end", lambda whole: whole + b"\0" * 8),
)


class ResultReaderConformance:
  """Subclass with a fixture ``reader``, made by the provider's factory.

  It reads what the runner writes; who turns that into something else
  overrides ``expected``.
  """

  @pytest.fixture
  def reader(self) -> ResultReader:
    raise NotImplementedError("give the suite a fixture 'reader'")

  def expected(self, value: Any) -> Any:
    """What reading gives for a value that a function returned."""
    return value

  @pytest.mark.parametrize("value", _VALUES, ids=range(len(_VALUES)))
  def test_what_a_function_returned_is_read(
    self, reader: ResultReader, value: Any, tmp_path: Path
  ) -> None:
    read = reader(_written(value, tmp_path))
    assert read == self.expected(value)
    assert type(read) is type(self.expected(value))

  def test_an_exception_is_read_as_one(
    self, reader: ResultReader, tmp_path: Path
  ) -> None:
    read = reader(_written(ValueError("on purpose"), tmp_path))
    assert isinstance(read, ValueError)
    assert read.args == ("on purpose",)

  def test_reading_leaves_the_file_and_nothing_beside_it(
    self, reader: ResultReader, tmp_path: Path
  ) -> None:
    path = _written(["a", "value"], tmp_path)
    before = path.read_bytes()
    reader(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]

  def test_a_value_outlives_its_file(
    self, reader: ResultReader, tmp_path: Path
  ) -> None:
    value = bytearray(b"x" * 100_000)
    path = _written(value, tmp_path)
    read = reader(path)
    path.unlink()
    assert read == self.expected(value)

  def test_each_reading_gives_a_value_of_its_own(
    self, reader: ResultReader, tmp_path: Path
  ) -> None:
    path = _written({"epochs": [1, 2]}, tmp_path)
    first, second = reader(path), reader(path)
    assert first is not second
    assert first == second

  @pytest.mark.parametrize(
    "damage", [damage for _, damage in _DAMAGES], ids=[n for n, _ in _DAMAGES]
  )
  def test_a_damaged_file_is_an_error_that_says_so(
    self,
    reader: ResultReader,
    damage: Callable[[bytes], bytes],
    tmp_path: Path,
  ) -> None:
    path = _written(bytearray(b"x" * 100_000), tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(Exception) as caught:  # noqa: PT011
      reader(path)
    assert str(caught.value)


def _written(value: Any, folder: Path) -> Path:
  """A file as the runner writes it, alone in its folder."""
  from keras_remote_runner import container

  path = folder / "result" / "file"
  path.parent.mkdir()
  container.dump(value, path)
  return path
