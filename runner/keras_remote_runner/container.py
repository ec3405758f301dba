"""The file that carries a pickled value: buffers beside the pickle, streamed.

Layout, all offsets from the start of the file:

    magic, padded to 64 bytes
    each out-of-band buffer, starting at a multiple of 64 bytes
    the pickle stream (protocol 5)
    the index: JSON {"stream": [offset, size], "buffers": [[offset, size], …]}
    8 bytes, little endian: the size of the index

Writing copies no buffer in memory; reading maps the file privately, so that a
large array costs its pages once and only when they are touched.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
import pickle
import struct
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import cloudpickle

from keras_remote_runner.arrays import reduce_array

MAGIC = b"keras-remote container 1\n".ljust(64, b"\0")
_ALIGNMENT = 64
_SMALL = 1 << 10
_SPOOL = 16 << 20
_SIZE = struct.Struct("<Q")
_NAMELESS = "<dynamic-code>"


class Written(NamedTuple):
  """Digest (hex) and size in bytes of a written file."""

  sha256: str
  size: int


class _Writer:
  """Writes through to a file, keeping position and digest."""

  def __init__(self, file: BinaryIO) -> None:
    self._file = file
    self._digest = hashlib.sha256()
    self.position = 0

  def write(self, data: bytes | memoryview) -> None:
    self._file.write(data)
    self._digest.update(data)
    self.position += len(data)

  def align(self) -> None:
    self.write(bytes(-self.position % _ALIGNMENT))

  def written(self) -> Written:
    return Written(self._digest.hexdigest(), self.position)


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
  """Sends the bytes of arrays out of band, whatever their dtype and strides.

  Code keeps the name of its file, by which a traceback finds its lines.
  """

  def reducer_override(self, obj: Any) -> Any:
    reduced = reduce_array(obj)
    if reduced is not NotImplemented:
      return reduced
    if isinstance(obj, types.CodeType):
      return self._reduce_code(obj)
    return super().reducer_override(obj)

  def _reduce_code(self, code: types.CodeType) -> Any:
    make, args = self.dispatch_table[types.CodeType](code)
    # What cloudpickle 3.1.3 puts in place of the name.
    named = (code.co_filename if each == _NAMELESS else each for each in args)
    return make, tuple(named)


def dump(value: object, path: Path) -> Written:
  """Pickles a value to a file.

  Raises:
    Exception: whatever the value's own pickling raises; no file is left.
  """
  try:
    return _dump(value, path)
  except BaseException:
    # On a full disk others need the room that half a value takes.
    path.unlink(missing_ok=True)
    raise


def _dump(value: object, path: Path) -> Written:
  with open(path, "wb") as file, _spool(path) as stream:
    writer = _Writer(file)
    writer.write(MAGIC)
    buffers: list[tuple[int, int]] = []
    _Pickler(
      stream, protocol=5, buffer_callback=_out_of_band(writer, buffers)
    ).dump(value)
    begin = writer.position
    for chunk in _chunks(stream):
      writer.write(chunk)
    index = {"stream": [begin, writer.position - begin], "buffers": buffers}
    encoded = json.dumps(index).encode()
    writer.write(encoded)
    writer.write(_SIZE.pack(len(encoded)))
    return writer.written()


def load(path: Path) -> Any:
  """Reads a value back; arrays are backed by a private map of the file.

  The file may be deleted afterwards. Only call it on verified files.
  """
  with open(path, "rb") as file:
    index = _index(file)
    file.seek(index["stream"][0])
    return pickle.Unpickler(file, buffers=_buffers(file, index)).load()


def open_pickle(path: Path) -> BinaryIO:
  """Opens a container at its pickle stream, for looking at opcodes."""
  file = open(path, "rb")  # noqa: SIM115
  try:
    file.seek(_index(file)["stream"][0])
  except BaseException:
    file.close()
    raise
  return file


def _spool(path: Path) -> Any:
  return tempfile.SpooledTemporaryFile(_SPOOL, dir=str(path.parent))


def _out_of_band(writer: _Writer, buffers: list[tuple[int, int]]) -> Any:
  def write(buffer: pickle.PickleBuffer) -> bool:
    with buffer.raw() as raw:
      if raw.nbytes < _SMALL:
        return True
      writer.align()
      buffers.append((writer.position, raw.nbytes))
      writer.write(raw)
    # Frees a contiguous copy made on the way as soon as it is on disk.
    buffer.release()
    return False

  return write


def _chunks(stream: io.IOBase) -> Iterator[bytes]:
  stream.seek(0)
  while chunk := stream.read(1 << 20):
    yield chunk


def _index(file: BinaryIO) -> dict[str, Any]:
  """Reads the index, wherever in the file the cursor is.

  Raises:
    ValueError: the file is not a container, or it is cut off.
  """
  try:
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
      raise ValueError("no such magic")
    end = file.seek(-_SIZE.size, io.SEEK_END)
    (size,) = _SIZE.unpack(file.read(_SIZE.size))
    file.seek(end - size)
    index: dict[str, Any] = json.loads(file.read(size))
  except (OSError, ValueError, struct.error) as error:
    raise ValueError(f"not a whole keras-remote container: {error}") from error
  return index


def _buffers(file: BinaryIO, index: dict[str, Any]) -> list[memoryview]:
  if not index["buffers"]:
    return []
  mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
  view = memoryview(mapped)
  return [view[offset : offset + size] for offset, size in index["buffers"]]
