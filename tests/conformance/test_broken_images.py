"""The suite notices each way an image builder can break its promises."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import socket
import threading
import time
from typing import Any

import pytest
from attrs import evolve

from keras_remote_core import testing
from keras_remote_core.errors import InvalidSetting
from keras_remote_core.model import Image, ImageKey
from keras_remote_core.testing import ImageBuilderConformance

SUITE = ImageBuilderConformance
PASSWORD = "hunter2"


class Sound:
  """Names images by all that goes into them."""

  def key(self, request):
    inputs = self.inputs(request)
    text = json.dumps(inputs, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ImageKey(reference=f"registry/image:{digest}", inputs=inputs)

  def inputs(self, request):
    return {
      "python": request.python,
      "kind": request.kind,
      "requirements": "\n".join(request.requirements),
      "image": request.image or "",
    }

  def build(self, request):
    if request.kind == "abacus":
      raise InvalidSetting("no image for an abacus", remedy="use a cpu")
    return Image(reference=self.key(request).reference, python=request.python)


class NamesByCount(Sound):
  numbers = itertools.count()

  def key(self, request):
    reference = f"registry/image:{next(self.numbers)}"
    return evolve(super().key(request), reference=reference)

  def build(self, request):
    reference = super().key(request).reference
    return evolve(super().build(request), reference=reference)


class NamesByHash(Sound):
  def key(self, request):
    key = super().key(request)
    number = hash(key.reference) & 0xFFFFFFFF
    return evolve(key, reference=f"registry/image:{number}")


class AsksARegistry(Sound):
  def key(self, request):
    with socket.socket() as asking, contextlib.suppress(OSError):
      asking.connect(("127.0.0.1", 9))
    return super().key(request)


class ListsNothing(Sound):
  def key(self, request):
    return evolve(super().key(request), inputs={})


class ListsMore(Sound):
  def key(self, request):
    key = super().key(evolve(request, kind="any"))
    return evolve(key, inputs={**key.inputs, "kind": request.kind})


class ListsNumbers(Sound):
  def inputs(self, request):
    return {**super().inputs(request), "layers": 3}


class TellsThePassword(Sound):
  def inputs(self, request):
    url = f"https://me:{PASSWORD}@packages.example.com"
    return {**super().inputs(request), "index": url}


class NamesByThePassword(Sound):
  def build(self, request):
    image = super().build(request)
    return evolve(image, reference=f"{PASSWORD}/{image.reference}")


class MakesAnything(Sound):
  def build(self, request):
    return super().build(evolve(request, kind="cpu"))


class LeavesUsersAlone(Sound):
  def build(self, request):
    if request.kind == "abacus":
      raise InvalidSetting("no image for an abacus")
    return super().build(request)


class NamesBadly(Sound):
  def build(self, request):
    return evolve(super().build(request), reference="My Image")


class TellsAnotherPython(Sound):
  def build(self, request):
    return evolve(super().build(request), python="2.7")


class BuildsAnew(Sound):
  numbers = itertools.count()

  def build(self, request):
    reference = f"registry/image:{next(self.numbers)}"
    return evolve(super().build(request), reference=reference)


class BuildsAside(Sound):
  """Gives whoever comes while it builds another image."""

  building = threading.Lock()

  def build(self, request):
    image = super().build(request)
    if not self.building.acquire(blocking=False):
      return evolve(image, reference="registry/image:aside")
    try:
      time.sleep(0.2)
    finally:
      self.building.release()
    return image


BROKEN: dict[Any, set[Any]] = {
  Sound: set(),
  NamesByCount: {
    SUITE.test_a_key_is_the_same_whenever_it_is_asked_for,
    SUITE.test_a_key_is_the_same_in_every_process,
    SUITE.test_a_key_lists_whatever_decides_it,
  },
  NamesByHash: {SUITE.test_a_key_is_the_same_in_every_process},
  AsksARegistry: {SUITE.test_a_key_takes_no_network},
  ListsNothing: {SUITE.test_a_key_lists_whatever_decides_it},
  ListsMore: {SUITE.test_whatever_a_key_lists_decides_it},
  ListsNumbers: {SUITE.test_a_key_lists_its_inputs_as_text},
  TellsThePassword: {SUITE.test_a_key_holds_nothing_secret},
  NamesByThePassword: {SUITE.test_an_image_holds_nothing_secret},
  MakesAnything: {SUITE.test_what_it_cannot_make_is_refused_with_what_helps},
  LeavesUsersAlone: {SUITE.test_what_it_cannot_make_is_refused_with_what_helps},
  NamesBadly: {SUITE.test_an_image_is_named_as_containers_name_it},
  TellsAnotherPython: {SUITE.test_an_image_says_which_python_it_has},
  BuildsAnew: {
    SUITE.test_building_again_gives_the_same,
    SUITE.test_whoever_builds_at_once_gets_the_same,
  },
  BuildsAside: {SUITE.test_whoever_builds_at_once_gets_the_same},
}


def suite_of(broken):
  class TestBroken(ImageBuilderConformance):
    @pytest.fixture
    def image_builder(self):
      return broken()

    @pytest.fixture
    def opener(self):
      return broken

    @pytest.fixture
    def impossible(self):
      return testing.image_request(kind="abacus")

    @pytest.fixture
    def hidden(self):
      return (PASSWORD,)

  return TestBroken


@pytest.mark.parametrize(("broken", "tests"), BROKEN.items())
def test_exactly_the_tests_of_a_broken_promise_fail(broken, tests, failing):
  assert failing(suite_of(broken)) == {test.__name__ for test in tests}


def test_every_promise_has_a_builder_that_breaks_it(tests_of):
  tried = {test.__name__ for tests in BROKEN.values() for test in tests}
  assert tests_of(SUITE) == tried
