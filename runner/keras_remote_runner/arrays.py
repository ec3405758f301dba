"""How arrays give up their bytes without copying them into the pickle.

Contiguous NumPy arrays of standard dtypes do so by themselves (PEP 574). The
rest is here: dtypes that export no buffer (bfloat16 and its kin, datetime64),
strided arrays, and ``jax.Array``. Neither library is imported to find out.
"""

from __future__ import annotations

import contextlib
import pickle
import sys
from typing import Any

_SMALL = 1 << 12
_WIDE = 8


class NotAddressable(ValueError):
  """An array whose shards this process does not all hold."""


def reduce_array(obj: Any) -> Any:
  """A reduction for pickle, or NotImplemented where the default one is right.

  Raises:
    NotAddressable: a ``jax.Array`` spans devices of other processes.
  """
  numpy, jax = sys.modules.get("numpy"), sys.modules.get("jax")
  if numpy is not None and type(obj) is getattr(numpy, "ndarray", None):
    return _reduce_numpy(numpy, obj)
  if jax is not None and isinstance(obj, getattr(jax, "Array", ())):
    return _reduce_jax(jax, obj)
  return NotImplemented


def _reduce_numpy(numpy: Any, array: Any) -> Any:
  plain = array.nbytes < _SMALL or array.dtype.hasobject
  if plain or _exports_buffer(array):
    return NotImplemented
  return rebuild_numpy, (array.dtype, array.shape, _bytes_of(numpy, array))


def _exports_buffer(array: Any) -> bool:
  try:
    return bool(memoryview(array).contiguous)
  except (ValueError, BufferError):
    return False


def _bytes_of(numpy: Any, array: Any) -> pickle.PickleBuffer:
  flat = numpy.ascontiguousarray(array).reshape(-1)
  return pickle.PickleBuffer(flat.view(numpy.uint8))


def _reduce_jax(jax: Any, array: Any) -> Any:
  if isinstance(array, jax.core.Tracer):
    return NotImplemented
  if not array.is_fully_addressable:
    raise NotAddressable(
      f"a jax.Array of shape {array.shape} is spread over several processes;"
      " gather it first, for example with"
      " jax.experimental.multihost_utils.process_allgather(x)"
    )
  if jax.dtypes.issubdtype(array.dtype, jax.dtypes.prng_key):
    data = jax.random.key_data(array)
    return rebuild_key, (str(jax.random.key_impl(array)), data)
  if array.nbytes < _SMALL:
    return NotImplemented
  numpy = sys.modules["numpy"]
  host = numpy.asarray(array)
  return rebuild_jax, (host.dtype, host.shape, _bytes_of(numpy, host))


def rebuild_numpy(dtype: Any, shape: tuple[int, ...], data: Any) -> Any:
  """The array whose bytes are ``data``, without a copy."""
  import numpy

  return numpy.frombuffer(data, numpy.uint8).view(dtype).reshape(shape)


def rebuild_jax(dtype: Any, shape: tuple[int, ...], data: Any) -> Any:
  """A ``jax.Array`` on the default device.

  On CPU it takes the bytes over as they are: nobody else can change a private
  map of a file. 64-bit values stay so, whatever this process has enabled.
  """
  import jax

  host = rebuild_numpy(dtype, shape, data)
  with _wide(jax) if dtype.itemsize >= _WIDE else contextlib.nullcontext():
    return jax.device_put(host, may_alias=True)


def _wide(jax: Any) -> Any:
  # Older versions have it in one place, newer ones in the other.
  home = jax if hasattr(jax, "enable_x64") else jax.experimental
  return home.enable_x64(True)


def rebuild_key(implementation: str, data: Any) -> Any:
  """A typed ``jax.random`` key."""
  import jax

  return jax.random.wrap_key_data(data, impl=implementation)
