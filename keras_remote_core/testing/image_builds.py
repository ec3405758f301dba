"""Images that are found or built: named well, and the same again."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from keras_remote_core.model import ImageRequest
from keras_remote_core.roles import ImageBuilder
from keras_remote_core.testing.capabilities import Claiming
from keras_remote_core.testing.racing import race

_BUILDERS = 3
# What container runtimes take: a name, and a tag or a digest or both.
_REFERENCE = re.compile(
  r"[a-z0-9][a-z0-9._-]*(:\d+)?(/[a-z0-9][a-z0-9._-]*)*"
  r"(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?",
  re.ASCII,
)


class Builds(Claiming):
  def test_an_image_is_named_as_containers_name_it(
    self, image_builder: ImageBuilder, asked: ImageRequest
  ) -> None:
    reference = image_builder.build(asked).reference
    if not self.capabilities.images:
      assert reference is None
      return
    assert reference is not None
    assert _REFERENCE.fullmatch(reference), reference

  def test_an_image_says_which_python_it_has(
    self, image_builder: ImageBuilder, asked: ImageRequest
  ) -> None:
    assert image_builder.build(asked).python in (asked.python, None)

  def test_building_again_gives_the_same(
    self, image_builder: ImageBuilder, asked: ImageRequest
  ) -> None:
    assert image_builder.build(asked) == image_builder.build(asked)

  def test_whoever_builds_at_once_gets_the_same(
    self, image_builder: ImageBuilder, asked: ImageRequest
  ) -> None:
    built = race(lambda _: image_builder.build(asked), _BUILDERS)
    assert built.count(built[0]) == _BUILDERS

  def test_an_image_holds_nothing_secret(
    self,
    image_builder: ImageBuilder,
    asked: ImageRequest,
    hidden: Sequence[str],
  ) -> None:
    if not hidden:
      pytest.skip("no fixture 'hidden': it knows nothing secret")
    told = repr(image_builder.build(asked))
    assert [number for number, each in enumerate(hidden) if each in told] == []
