"""Keys of images: pure, stable, and open about what decides them."""

from __future__ import annotations

import concurrent.futures
import itertools
import multiprocessing
import socket
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import pytest
from attrs import evolve

from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.model import ImageKey, ImageRequest
from keras_remote_core.roles import ImageBuilder
from keras_remote_core.testing.capabilities import Claiming

Opener = Callable[[], ImageBuilder]

_SPAWN = multiprocessing.get_context("spawn")


class Keys(Claiming):
  def test_a_key_is_the_same_whenever_it_is_asked_for(
    self, image_builder: ImageBuilder, asked: ImageRequest
  ) -> None:
    assert image_builder.key(asked) == image_builder.key(evolve(asked))

  def test_a_key_is_the_same_in_every_process(
    self,
    image_builder: ImageBuilder,
    asked: ImageRequest,
    opener: Opener | None,
    monkeypatch: pytest.MonkeyPatch,
  ) -> None:
    if opener is None:
      pytest.skip("no fixture 'opener': another process cannot make it")
    keys = [image_builder.key(asked)]
    for seed in ("1", "2"):
      monkeypatch.setenv("PYTHONHASHSEED", seed)
      with concurrent.futures.ProcessPoolExecutor(1, _SPAWN) as pool:
        keys.append(pool.submit(_key, opener, asked).result())
    assert keys[0] == keys[1] == keys[2]

  def test_a_key_takes_no_network(
    self,
    image_builder: ImageBuilder,
    asked: ImageRequest,
    monkeypatch: pytest.MonkeyPatch,
  ) -> None:
    monkeypatch.setattr(socket.socket, "connect", _refuse)
    assert image_builder.key(asked).reference

  def test_a_key_lists_whatever_decides_it(
    self, image_builder: ImageBuilder, variants: Sequence[ImageRequest]
  ) -> None:
    for one, other in _pairs(image_builder, variants):
      if one.reference != other.reference:
        assert one.inputs != other.inputs, f"unlisted: {one.reference}"

  def test_whatever_a_key_lists_decides_it(
    self, image_builder: ImageBuilder, variants: Sequence[ImageRequest]
  ) -> None:
    self.needs("images")
    for one, other in _pairs(image_builder, variants):
      if one.inputs != other.inputs:
        assert one.reference != other.reference, f"listed: {one.inputs}"

  def test_a_key_lists_its_inputs_as_text(
    self, image_builder: ImageBuilder, asked: ImageRequest
  ) -> None:
    key = image_builder.key(asked)
    told: list[object] = [*key.inputs, *key.inputs.values(), *key.notes]
    assert [each for each in told if not isinstance(each, str)] == []

  def test_a_key_holds_nothing_secret(
    self,
    image_builder: ImageBuilder,
    asked: ImageRequest,
    hidden: Sequence[str],
  ) -> None:
    key = image_builder.key(asked)
    if not hidden:
      pytest.skip("no fixture 'hidden': it knows nothing secret")
    told = repr((key, dict(key.inputs)))
    assert [number for number, each in enumerate(hidden) if each in told] == []

  def test_what_it_cannot_make_is_refused_with_what_helps(
    self, image_builder: ImageBuilder, impossible: ImageRequest | None
  ) -> None:
    if impossible is None:
      pytest.skip("no fixture 'impossible': it makes whatever is asked for")
    with pytest.raises(KerasRemoteError) as caught:
      image_builder.build(impossible)
    assert caught.value.message
    assert caught.value.remedy


def _pairs(
  image_builder: ImageBuilder, variants: Sequence[ImageRequest]
) -> Sequence[tuple[ImageKey, ImageKey]]:
  keys = [image_builder.key(each) for each in variants]
  return list(itertools.combinations(keys, 2))


def _key(opener: Opener, asked: ImageRequest) -> ImageKey:
  return opener().key(asked)


def _refuse(*args: Any) -> NoReturn:
  raise AssertionError(f"a key is pure, and this asks {args[1:]}")
