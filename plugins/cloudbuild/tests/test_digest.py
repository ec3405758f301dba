"""The tag of an image: the same for the same inputs, another for others."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from keras_remote_cloudbuild import bases, requirements
from keras_remote_cloudbuild.digest import UNRESOLVED, Recipe
from keras_remote_cloudbuild.locks import Lock
from keras_remote_cloudbuild.settings import CloudBuildSettings
from keras_remote_core.builtin.packaging.requirement_lines import parse
from keras_remote_core.builtin.packaging.requirements import needed

HASH = "0" * 64
KERAS = f"keras==3.14.0 \\\n    --hash=sha256:{HASH}\n"
NUMPY = "numpy==2.5.0\n"
TOOL = "tool @ git+https://example.com/tool.git@0a1b\n"
TEXT = "keras==3.14.0\nnumpy\ntool @ git+https://example.com/tool.git@0a1b\n"


def lines_of(text):
  file = Path("/project/requirements.txt")
  return needed(parse(text, file, file.parent, lambda path: None), ())


def recipe(text=TEXT, lock=KERAS + NUMPY + TOOL, kind="tpu", **settings):
  asked = CloudBuildSettings(**{"apt": ("git",), **settings})
  return Recipe(
    base=bases.base("3.12"),
    kind=kind,
    python="3.12",
    platform=bases.PLATFORM,
    requirements=requirements.prepared(lines_of(text), kind, asked.apt),
    uv=bases.UV,
    apt=asked.apt,
    index=asked.index,
    lock=Lock.parse(lock) if lock else None,
  )


def test_the_tag_of_known_inputs_stays():
  golden = "0539d118462de3df1cf35262a0a08633"
  assert recipe().tag.startswith(golden)


CHANGED = {
  "another base image": evolve(recipe(), base=bases.base("3.13")),
  "another accelerator": evolve(recipe(), kind="gpu"),
  "another Python": evolve(recipe(), python="3.13"),
  "another uv": evolve(recipe(), uv="0.13.8"),
  "another pin": recipe(lock=KERAS.replace("3.14.0", "3.15.0") + NUMPY + TOOL),
  "an extra": recipe(lock=KERAS.replace("keras", "keras[all]") + NUMPY + TOOL),
  "one more package": recipe(lock=KERAS + NUMPY + TOOL + "rich==15.0.0\n"),
  "one package less": recipe(lock=KERAS + TOOL),
  "another file of a version": recipe(
    lock=KERAS.replace(HASH, "1" * 64) + NUMPY + TOOL
  ),
  "another commit": recipe(lock=KERAS + NUMPY + TOOL.replace("0a1b", "2c3d")),
  "a Debian package": recipe(apt=("git", "ffmpeg")),
  "another index": recipe(index="https://packages.example.com/simple"),
}


@pytest.mark.parametrize("made", CHANGED.values(), ids=CHANGED)
def test_what_changes_the_image_changes_the_tag(made):
  assert made.tag != recipe().tag


SAME = {
  "a comment": recipe(f"# why\n{TEXT}"),
  "the order": recipe("\n".join(TEXT.splitlines()[::-1])),
  "the spelling": recipe(TEXT.replace("keras==3.14.0", "Keras == 3.14.0")),
  "a line twice": recipe(f"{TEXT}numpy\n"),
  "the order of a lock": recipe(lock=TOOL + NUMPY + KERAS),
  "a Debian package twice": recipe(apt=("git", "git")),
  "who builds, and for how long": recipe(
    machine_type="E2_MEDIUM", service_account="b@x.com", timeout="2h"
  ),
  "where it is kept": recipe(region="europe-west4", repository="other"),
  "what the job brings along": recipe(f"{TEXT}keras-remote[gke]\n"),
  "a loose line that comes to the same": recipe(
    TEXT.replace("keras==3.14.0", "keras>=3")
  ),
}


@pytest.mark.parametrize("made", SAME.values(), ids=SAME)
def test_what_does_not_change_the_image_leaves_the_tag(made):
  assert made.tag == recipe().tag


UNKNOWN = {
  "another pin": TEXT.replace("3.14.0", "3.15.0"),
  "an extra": TEXT.replace("keras", "keras[all]"),
  "one more package": f"{TEXT}rich\n",
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unresolved_tag_says_so_and_follows_what_was_asked(text):
  known, changed = recipe(lock=None), recipe(text, lock=None)
  assert known.tag.startswith(f"{UNRESOLVED}-")
  assert known.tag != changed.tag
  assert known.lock_name != changed.lock_name
  assert recipe(f"# why\n{TEXT}", lock=None).tag == known.tag


def test_a_lock_is_for_one_platform_python_and_index():
  names = {
    each.lock_name
    for each in (
      recipe(),
      evolve(recipe(), platform="x86_64-manylinux_2_28"),
      evolve(recipe(), python="3.13"),
      recipe(index="https://packages.example.com/simple"),
    )
  }
  assert len(names) == 4


def test_a_tag_fits_where_tags_go():
  for made in (recipe(), recipe(lock=None)):
    assert len(made.tag) <= 128


def test_every_input_can_be_shown():
  shown = recipe().inputs
  assert all(isinstance(text, str) for text in shown.values())
  assert shown["lock"] == KERAS + NUMPY + TOOL
  assert recipe(lock=None).inputs["lock"] == UNRESOLVED
