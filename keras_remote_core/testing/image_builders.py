"""What an image builder promises, as tests to subclass."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from attrs import evolve

from keras_remote_core.model import ImageRequest
from keras_remote_core.roles import ImageBuilder
from keras_remote_core.testing.image_builds import Builds
from keras_remote_core.testing.image_keys import Keys, Opener
from keras_remote_core.testing.values import image_request


class ImageBuilderConformance(Keys, Builds):
  """Subclass with a fixture ``image_builder``, made by the provider's factory.

  More fixtures say more of it: ``asked``, a request that it can serve, such as
  ``testing.image_request(image="team/image:1")``;
  ``variants``, requests whose keys are compared; ``impossible``, one that it
  refuses; ``hidden``, secrets that it knows and must not tell; ``opener``, a
  picklable callable that makes it in another process.
  """

  @pytest.fixture
  def image_builder(self) -> ImageBuilder:
    raise NotImplementedError("give the suite a fixture 'image_builder'")

  @pytest.fixture
  def asked(self) -> ImageRequest:
    return image_request()

  @pytest.fixture
  def variants(self, asked: ImageRequest) -> Sequence[ImageRequest]:
    return (
      asked,
      evolve(asked, requirements=asked.requirements[:1]),
      evolve(asked, requirements=()),
      *(evolve(asked, python=each) for each in ("3.11", "3.12", "3.13")),
      *(evolve(asked, kind=each) for each in ("gpu", "tpu")),
      evolve(asked, image=asked.image and f"{asked.image}-other"),
    )

  @pytest.fixture
  def impossible(self) -> ImageRequest | None:
    return None

  @pytest.fixture
  def hidden(self) -> Sequence[str]:
    return ()

  @pytest.fixture
  def opener(self) -> Opener | None:
    return None
