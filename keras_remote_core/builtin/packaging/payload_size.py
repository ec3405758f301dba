"""What makes a payload large."""

from __future__ import annotations

import inspect
import io
import pickle
import types
from collections.abc import Iterator
from typing import Any

from keras_remote_core.builtin.packaging.function_parts import (
  parts_of_call,
  parts_of_function,
)
from keras_remote_core.builtin.packaging.part import Part
from keras_remote_core.builtin.packaging.remarks import listed, megabytes
from keras_remote_core.model import Blob, Call

PAYLOAD_LIMIT = 50_000_000
_SHOWN = 5
# No function without data in it gets this large.
_LARGE_FUNCTION = 1_000_000


def payload_warning(call: Call, function: Blob, inputs: Blob) -> str | None:
  """What to say of pickles above 50 MB."""
  size = function.size + inputs.size
  if size <= PAYLOAD_LIMIT:
    return None
  sizes = [
    (part.place, _measure(part.value)) for part in _parts(call, function)
  ]
  largest = sorted(sizes, key=lambda each: -each[1])[:_SHOWN]
  return (
    f"the function and its arguments are {megabytes(size)}; the largest are"
    f" {listed(largest)}; large data is better loaded inside the function"
  )


def _parts(call: Call, function: Blob) -> Iterator[Part]:
  _, *arguments = parts_of_call(call)
  yield from arguments
  plain = inspect.unwrap(call.function)
  large = function.size > _LARGE_FUNCTION
  if large and isinstance(plain, types.FunctionType):
    yield from parts_of_function(plain)


def _measure(value: Any) -> int:
  """Bytes in a pickle, without copying what arrays hold."""
  size = getattr(value, "nbytes", None)
  return size if isinstance(size, int) else _pickled_size(value)


def _pickled_size(value: Any) -> int:
  import cloudpickle

  sink = _Counter()

  def count(buffer: pickle.PickleBuffer) -> bool:
    with buffer.raw() as raw:
      sink.size += raw.nbytes
    return False

  try:
    cloudpickle.Pickler(sink, protocol=5, buffer_callback=count).dump(value)
  except Exception:  # it has been packed already; this is only for telling
    return 0
  return sink.size


class _Counter(io.RawIOBase):
  """A file that keeps nothing but its size."""

  size = 0

  def writable(self) -> bool:
    return True

  def write(self, data: Any) -> int:
    count = memoryview(data).nbytes
    self.size += count
    return count
