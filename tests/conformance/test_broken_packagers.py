"""The suite notices each way a packager can break its promises."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from keras_remote_core import testing
from keras_remote_core.builtin.packaging.packager import cloudpickle_packager
from keras_remote_core.errors import PackagingError
from keras_remote_core.model import Layout
from keras_remote_core.testing import PackagerConformance

SUITE = PackagerConformance


class Sound:
  def __init__(self, settings, context):
    self.pack = cloudpickle_packager(settings, context)

  def __call__(self, call, plan):
    return self.pack(call, plan)


def remembering(function, what):
  """The function with something more in its pickle, if it travels by value."""
  if function.__module__ == "<detached>":
    function.remembered = what
  return function


class SaltsBundles(Sound):
  def __call__(self, call, plan):
    bundle = super().__call__(call, plan)
    salt = (*bundle.layout.sys_path, secrets.token_hex(4))
    return evolve(bundle, layout=Layout(sys_path=salt, cwd=bundle.layout.cwd))


class PicklesArgumentsTwice(Sound):
  def __call__(self, call, plan):
    remembering(call.function, repr(call.args))
    return super().__call__(call, plan)


class CountsBadly(Sound):
  def __call__(self, call, plan):
    bundle = super().__call__(call, plan)
    return evolve(bundle, function=evolve(bundle.function, size=0))


class DeniesCode(Sound):
  def __call__(self, call, plan):
    return evolve(super().__call__(call, plan), by_value=False)


class ForgetsRequirements(Sound):
  def __call__(self, call, plan):
    return super().__call__(call, evolve(plan, requirements=()))


class PacksTheEnvironment(Sound):
  def __call__(self, call, plan):
    remembering(call.function, dict(os.environ))
    return super().__call__(call, plan)


class LeavesTraces(Sound):
  def __call__(self, call, plan):
    Path("packed.log").write_text("packed")
    return super().__call__(call, plan)


class DropsKeywords(Sound):
  def __call__(self, call, plan):
    return super().__call__(evolve(call, kwargs={}), plan)


class EmptiesClosures(Sound):
  def __call__(self, call, plan):
    for cell in call.function.__closure__ or ():
      cell.cell_contents = 0
    return super().__call__(call, plan)


class ShipsNothing(Sound):
  def __call__(self, call, plan):
    return evolve(super().__call__(call, plan), source=None)


class TriesItOut(Sound):
  def __call__(self, call, plan):
    with contextlib.suppress(TypeError):
      call.function(*call.args, **call.kwargs)
    return super().__call__(call, plan)


class SaysNoName(Sound):
  def __call__(self, call, plan):
    try:
      return super().__call__(call, plan)
    except PackagingError:
      told = "a lock cannot be pickled"
      raise PackagingError(told, remedy="do without it") from None


class PassesErrorsOn(Sound):
  def __call__(self, call, plan):
    try:
      return super().__call__(call, plan)
    except PackagingError as error:
      raise TypeError(error.message) from None


BROKEN: dict[Any, set[Any]] = {
  Sound: set(),
  SaltsBundles: {SUITE.test_the_same_call_gives_the_same_bundle},
  PicklesArgumentsTwice: {
    SUITE.test_other_arguments_leave_the_function_as_it_is
  },
  CountsBadly: {SUITE.test_its_files_are_whole_and_say_what_they_hold},
  DeniesCode: {SUITE.test_a_bundle_says_which_python_its_code_is_for},
  ForgetsRequirements: {SUITE.test_requirements_of_the_call_are_the_bundles},
  PacksTheEnvironment: {SUITE.test_secrets_of_a_call_are_in_no_file},
  LeavesTraces: {SUITE.test_packing_leaves_the_project_as_it_is},
  DropsKeywords: {
    SUITE.test_a_packed_call_runs_with_its_arguments,
    SUITE.test_what_cannot_travel_is_refused_by_its_name,
  },
  EmptiesClosures: {SUITE.test_what_a_function_closes_over_comes_along},
  ShipsNothing: {SUITE.test_a_function_finds_the_modules_of_its_project},
  TriesItOut: {SUITE.test_packing_calls_nothing},
  SaysNoName: {SUITE.test_what_cannot_travel_is_refused_by_its_name},
  PassesErrorsOn: {SUITE.test_what_cannot_travel_is_refused_by_its_name},
}


def suite_of(broken):
  class TestBroken(PackagerConformance):
    @pytest.fixture
    def plan(self):
      plan = testing.plan(backend="instant")
      provider = evolve(
        plan.packager.provider,
        implementation=f"{broken.__module__}:{broken.__qualname__}",
      )
      return evolve(plan, packager=evolve(plan.packager, provider=provider))

  return TestBroken


@pytest.mark.parametrize(("broken", "tests"), BROKEN.items())
def test_exactly_the_tests_of_a_broken_promise_fail(broken, tests, failing):
  assert failing(suite_of(broken)) == {test.__name__ for test in tests}


def test_every_promise_has_a_packager_that_breaks_it(tests_of):
  tried = {test.__name__ for tests in BROKEN.values() for test in tests}
  assert tests_of(SUITE) == tried
