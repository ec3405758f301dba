from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.accelerators import GpuFamily
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_core.errors import UnknownAccelerator

ACCELERATORS = Accelerators(FAMILIES)
SPELLINGS = sorted(
  spelling
  for family in FAMILIES
  if family.shapes()
  for spelling in family.spellings()
)
CUBES = st.integers(1, 64).map(lambda cubes: 64 * cubes)


def name_of(text: str) -> str:
  return ACCELERATORS.parse(text).accelerator.name


def refusal_of(text: str) -> UnknownAccelerator:
  with pytest.raises(UnknownAccelerator) as caught:
    ACCELERATORS.parse(text)
  return caught.value


@pytest.mark.parametrize(
  ("text", "name"),
  [
    ("v5litepod-8", "v5e-2x4"),
    ("v5e-8", "v5e-2x4"),
    ("tpu:v6e-16", "v6e-4x4"),
    ("tpu-v6e-16", "v6e-4x4"),
    ("trillium-4x4", "v6e-4x4"),
    ("ironwood", "tpu7x-1x1x1"),
    ("v7x-2x2x1", "tpu7x-2x2x1"),
    ("l4", "l4"),
    ("gpu:l4", "l4"),
    ("nvidia-l4", "l4"),
    ("nvidia-tesla-t4", "t4"),
    ("nvidia-tesla-a100", "a100"),
    ("nvidia-a100-80gb", "a100-80gb"),
    ("nvidia-h100-80gb", "h100"),
    ("nvidia-h100-mega-80gb", "h100-megax8"),
    ("nvidia-h200-141gb", "h200x8"),
    ("nvidia-rtx-pro-6000", "rtx-pro-6000"),
    ("a100x4", "a100x4"),
    ("a100:4", "a100x4"),
    ("a100:chips=4", "a100x4"),
    ("a100x1", "a100"),
    ("a100-40", "a100"),
    ("a100-80x2", "a100-80gbx2"),
    ("gpu-h100x8", "h100x8"),
    ("cpu", "cpu"),
    ("cpu:8", "cpu:8"),
    (" V6E-4x4\n", "v6e-4x4"),
  ],
)
def test_each_usual_spelling_has_one_canonical_name(text, name):
  assert name_of(text) == name


@pytest.mark.parametrize(
  ("text", "name"),
  [
    ("v3-8", "v3-2x2"),
    ("v3-32", "v3-4x4"),
    ("v4-8", "v4-2x2x1"),
    ("v5p-8", "v5p-2x2x1"),
    ("v5p-16", "v5p-2x2x2"),
    ("v5p-384", "v5p-4x4x12"),
    ("v5p-512", "v5p-4x8x8"),
    ("v5p-640", "v5p-4x4x20"),
    ("v5p-2048", "v5p-8x8x16"),
    ("v4-8192", "v4-16x16x16"),
    ("v5p-12288", "v5p-16x16x24"),
    ("tpu7x-8", "tpu7x-2x2x1"),
    ("tpu7x-128", "tpu7x-4x4x4"),
    ("tpu7x-18432", "tpu7x-16x16x36"),
    ("v6e-1", "v6e-1x1"),
    ("v6e-8", "v6e-2x4"),
    ("v5litepod-256", "v5e-16x16"),
  ],
)
def test_googles_own_names_mean_what_google_means(text, name):
  assert name_of(text) == name


def test_chips_can_be_asked_for_in_generations_that_count_cores():
  assert name_of("v5p:chips=8") == "v5p-2x2x2"
  assert name_of("v6e:chips=8") == name_of("v6e-8")


def test_hosts_tell_slices_of_equal_chips_apart():
  assert name_of("v6e-8:hosts=2") == "v6e-2x4:hosts=2"
  assert name_of("v6e-2x4:hosts=1") == "v6e-2x4"
  assert name_of("v5p:hosts=4") == "v5p-2x2x4"


def test_the_order_of_a_topologys_axes_does_not_matter():
  assert name_of("v5p-8x4x4") == "v5p-4x4x8"
  assert name_of("v4-1x2x2") == "v4-2x2x1"
  assert name_of("v6e-4x2") == "v6e-2x4"


@pytest.mark.parametrize(
  "name", ["cpu", "cpu:8", "l4", "a100:4", "v6e", "v6e-2x4:hosts=2"]
)
def test_every_name_takes_spot(name):
  asked = ACCELERATORS.parse(f"{name}:spot")
  assert asked.spot
  assert asked.accelerator == ACCELERATORS.parse(name).accelerator
  assert not ACCELERATORS.parse(name).spot


@pytest.mark.parametrize(
  ("text", "right"),
  [
    ("v5-8", "v5e-8"),
    ("v5-8", "v5p-8"),
    ("v6e_8", "v6e-8"),
    ("v6e-8:sport", "v6e-8"),
    ("h10", "h100"),
    ("gpu:v6e-8", "v6e-8"),
    ("cpu:0", "cpu"),
    ("cpu-8", "cpu:8"),
    ("v6e:8", "v6e-2x4"),
    ("v6e-12", "v6e-4x4"),
    ("v5p-7", "v5p-2x2x1"),
    ("v3-4096", "v3-32x32"),
    ("v6e-4x4:hosts=2", "v6e-4x4 "),
    ("v6e:hosts=3", "v6e-2x4:hosts=2"),
    ("h100-8", "h100x8"),
    ("h200x1", "h200x8"),
    ("tpu7x4", "tpu7-2x2x1"),
  ],
)
def test_a_wrong_name_answers_with_the_nearest_right_ones(text, right):
  refused = refusal_of(text)
  assert text in refused.message
  assert right in refused.message.partition(";")[2]


@pytest.mark.parametrize("text", ["a100x3", "a100x32", "a100x8:hosts=2"])
def test_gpus_beyond_what_is_sold_answer_with_the_machines_there_are(text):
  refused = refusal_of(text)
  assert "at most 16: a100, a100x2, a100x4, a100x8, a100x16" in refused.message
  assert refused.remedy == "keras-remote accelerators a100"


def test_an_a100_of_80_gb_does_not_come_in_sixteens():
  assert "at most 8" in refusal_of("a100-80gbx16").message


def test_v2_is_said_to_be_no_longer_offered():
  message = refusal_of("v2-8").message
  assert "TPU v2 is not offered any more; there are v3, v4, v5e" in message
  assert "v2" not in message.partition("there are")[2].split(", ")


def test_a_kind_alone_answers_with_the_families_of_that_kind():
  assert refusal_of("tpu:8").message.endswith(
    "v3, v4, v5e, v5p, v6e, tpu7x, tpu7"
  )
  assert "l4" in refusal_of("gpu").message.split(", ")


def test_a_name_like_no_other_answers_with_all_families():
  refused = refusal_of("?")
  assert refused.remedy == "keras-remote accelerators"
  assert {"cpu", "v6e"} < set(refused.message.replace(",", "").split())


def test_a_description_is_of_a_family_or_of_one_size():
  names = [each.name for each in ACCELERATORS.describe("gpu:L4")]
  assert names == ["l4", "l4x2", "l4x4", "l4x8"]
  assert [each.name for each in ACCELERATORS.describe("v5p-8")] == ["v5p-2x2x1"]
  with pytest.raises(UnknownAccelerator):
    ACCELERATORS.describe("v2")


def test_a_plugins_family_is_there_beside_the_cores_own():
  other = GpuFamily(name="mi300x", title="MI300X", counts=(8,), aliases=("l4",))
  both = Accelerators([*FAMILIES, other])
  assert both.parse("mi300x").accelerator.name == "mi300xx8"
  assert both.parse("l4").accelerator.family == "l4"


@given(
  st.sampled_from(SPELLINGS)
  | st.builds("v5p:chips={}".format, CUBES)
  | st.builds("v4-{}".format, CUBES.map(lambda chips: 2 * chips))
  | st.builds("cpu:{}".format, st.integers(1, 999_999)),
  st.sampled_from(["", ":spot"]),
  st.booleans(),
)
def test_a_canonical_name_means_the_same_again(name, suffix, upper):
  asked = ACCELERATORS.parse((name.upper() if upper else name) + suffix)
  again = ACCELERATORS.parse(asked.accelerator.name)
  assert again.accelerator == asked.accelerator


@given(st.integers(1, 64))
def test_chips_are_laid_out_as_cubic_as_they_can_be(cubes):
  found = ACCELERATORS.parse(f"v4:chips={64 * cubes}").accelerator
  assert found.topology is not None
  axes = [int(axis) // 4 for axis in found.topology.split("x")]
  sides = range(1, cubes + 1)
  pairs = [(a, b) for a in sides for b in sides if cubes % (a * b) == 0]
  assert math.prod(axes) == cubes
  assert sum(axes) == min(a + b + cubes // (a * b) for a, b in pairs)


GRAMMAR = [
  "v6e",
  "v5p",
  "v2",
  "a100",
  "cpu",
  "tpu",
  "gpu",
  "nvidia-",
  "-",
  ":",
  "x",
  "=",
  "chips",
  "hosts",
  "spot",
]
NUMBERS = ["0", "1", "8", "16", "64", "999999", "٣"]


@given(st.text() | st.lists(st.sampled_from(GRAMMAR + NUMBERS)).map("".join))
@example("v6e-" + "x".join(["999999"] * 100))
@example("v5p-999999x999999x999999")
@example("v5p-" + "9" * 5000)
def test_whatever_is_written_gets_an_accelerator_or_an_answer(text):
  try:
    asked = ACCELERATORS.parse(text)
  except UnknownAccelerator:
    return
  assert asked.accelerator.chips % asked.accelerator.hosts == 0
