"""The file that carries a value brings it back, and is known when damaged."""

from __future__ import annotations

import hashlib
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from keras_remote_runner import container

plain = st.recursive(
  st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
  lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
  max_leaves=20,
)
dtypes = st.one_of(
  arrays.integer_dtypes(endianness="="),
  arrays.floating_dtypes(endianness="="),
  arrays.datetime64_dtypes(endianness="="),
  arrays.boolean_dtypes(),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
  return tmp_path_factory.mktemp("container") / "value"


def carried(value, path):
  container.dump(value, path)
  return container.load(path)


@given(value=plain)
def test_plain_values_come_back_equal(value, path):
  assert carried(value, path) == value


@given(
  array=arrays.arrays(
    dtypes, arrays.array_shapes(max_dims=3, max_side=40), fill=st.nothing()
  ),
  order=st.permutations(range(3)),
  step=st.integers(1, 3),
)
def test_arrays_come_back_whatever_their_dtype_and_strides(
  array, order, step, path
):
  axes = [axis for axis in order if axis < array.ndim]
  strided = array.transpose(axes)[::step]
  back = carried(strided, path)
  assert back.dtype == strided.dtype
  np.testing.assert_array_equal(back, strided)


def test_the_digest_and_size_are_the_files(path):
  written = container.dump([np.arange(5000), "text"], path)
  data = path.read_bytes()
  assert written == (hashlib.sha256(data).hexdigest(), len(data))


def test_large_buffers_lie_outside_of_the_pickle_at_aligned_places(path):
  array = np.arange(100_000)
  container.dump({"a": array, "b": array.astype("float32")}, path)
  data = path.read_bytes()
  assert data.index(array.tobytes()) % 64 == 0
  with container.open_pickle(path) as stream:
    assert len(stream.read()) < 2000


def test_arrays_outlive_the_file_and_are_private(path):
  container.dump(np.zeros(10_000), path)
  first, second = container.load(path), container.load(path)
  path.unlink()
  first[:] = 1
  assert first.sum() == 10_000
  assert second.sum() == 0


def test_shared_arrays_stay_shared(path):
  array = np.arange(10_000)
  one, other = carried([array, array], path)
  assert one is other


def test_closures_travel_with_the_arrays_they_close_over(path):
  array = np.arange(10_000)
  assert carried(lambda at: array[at], path)(42) == 42


@pytest.mark.parametrize("dtype", ["bfloat16", "float8_e4m3fn", "int4"])
def test_machine_learning_dtypes_come_back(dtype, path):
  ml_dtypes = pytest.importorskip("ml_dtypes")
  array = np.arange(8000).astype(getattr(ml_dtypes, dtype))
  back = carried(array, path)
  assert back.dtype == array.dtype
  assert back.tobytes() == array.tobytes()


def test_jax_arrays_come_back_with_their_dtype_and_keys_usable(path):
  jax = pytest.importorskip("jax")
  value = {
    "weights": jax.numpy.arange(8000, dtype="bfloat16").reshape(80, 100),
    "key": jax.random.key(7),
  }
  back = carried(value, path)
  assert isinstance(back["weights"], jax.Array)
  assert back["weights"].dtype == "bfloat16"
  assert (back["weights"] == value["weights"]).all()
  assert jax.random.uniform(back["key"]) == jax.random.uniform(value["key"])


@given(data=st.data())
def test_a_file_that_is_cut_off_or_not_ours_is_refused(data, path):
  container.dump([np.arange(2000), "text"], path)
  whole = path.read_bytes()
  cut = data.draw(st.integers(0, len(whole) - 1))
  path.write_bytes(whole[:cut])
  with pytest.raises((ValueError, KeyError, pickle.UnpicklingError)):
    container.load(path)


def test_what_does_not_pickle_says_so_itself_and_leaves_no_file(path):
  class Stubborn:
    def __reduce__(self):
      raise RuntimeError("not this one")

  with pytest.raises(RuntimeError, match="not this one"):
    container.dump([np.zeros(10_000), Stubborn()], path)
  assert not path.exists()


def test_64_bit_jax_arrays_stay_so_where_64_bits_are_not_enabled(path):
  jax = pytest.importorskip("jax")
  with jax.enable_x64(True):
    value = 2**40 + jax.numpy.arange(1000, dtype="int64")
    container.dump(value, path)
  back = container.load(path)
  assert back.dtype == "int64"
  assert int(back[3]) == 2**40 + 3
