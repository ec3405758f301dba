"""Calls that are packed and run, and those that cannot travel."""

from __future__ import annotations

import threading

import pytest

from keras_remote_core.errors import PackagingError
from keras_remote_core.testing import functions
from keras_remote_core.testing.capabilities import Claiming
from keras_remote_core.testing.functions import detached
from keras_remote_core.testing.packing import Packing


class Calls(Claiming):
  def test_a_packed_call_runs_with_its_arguments(
    self, packing: Packing
  ) -> None:
    assert packing.run(detached(functions.add), 40, b=2) == 42

  def test_what_a_function_closes_over_comes_along(
    self, packing: Packing
  ) -> None:
    factor = 21
    assert packing.run(detached(lambda number: factor * number), 2) == 42

  def test_a_function_finds_the_modules_of_its_project(
    self, packing: Packing
  ) -> None:
    self.needs("sources")
    assert packing.run(packing.of_project(), 21) == 42

  def test_packing_calls_nothing(self, packing: Packing) -> None:
    assert packing.pack(detached(functions.fail), "never told").inputs

  def test_what_cannot_travel_is_refused_by_its_name(
    self, packing: Packing
  ) -> None:
    with pytest.raises(PackagingError, match=r"\bb\b") as caught:
      packing.pack(detached(functions.add), 1, b=threading.Lock())
    assert "lock" in caught.value.message
    assert caught.value.remedy
