"""What is said to be new in an image."""

from __future__ import annotations

from keras_remote_cloudbuild.changes import changes
from keras_remote_cloudbuild.digest import UNRESOLVED

BEFORE = {
  "base image": "python@sha256:0",
  "apt": "git",
  "requirements": "keras==3.14\nnumpy",
  "lock": "keras==3.14.0\nnumpy==2.5.0\n",
  "dockerfile": "FROM a",
}


def test_nothing_is_new_in_the_same():
  assert changes(BEFORE, BEFORE) == []


def test_a_changed_pin_is_told_with_what_it_came_to():
  now = {
    **BEFORE,
    "requirements": "keras==3.15\nnumpy",
    "lock": "keras==3.15.0\nnumpy==2.5.0\nrich==15\n",
    "dockerfile": "FROM b",
  }
  assert changes(BEFORE, now) == [
    "requirements: keras==3.14 → keras==3.15",
    "packages: keras 3.14.0 → 3.15.0, rich none → 15",
  ]


def test_an_unresolved_image_is_compared_by_what_is_asked():
  now = {**BEFORE, "requirements": "keras==3.15", "lock": UNRESOLVED}
  assert changes(BEFORE, now) == [
    "requirements: keras==3.14, numpy → keras==3.15"
  ]


def test_everything_else_is_told_too():
  now = {
    **BEFORE,
    "base image": "python@sha256:1",
    "apt": "git\nffmpeg",
    "index": "https://packages.example.com",
  }
  assert changes(BEFORE, now) == [
    "base image: python@sha256:0 → python@sha256:1",
    "index: none → https://packages.example.com",
    "apt: nothing → ffmpeg",
  ]
  (told,) = changes(BEFORE, {**BEFORE, "dockerfile": "FROM b"})
  assert "keras-remote-cloudbuild" in told


def test_many_packages_are_counted():
  lines = [f"p{number}==1" for number in range(20)]
  now = {**BEFORE, "lock": BEFORE["lock"] + "\n".join(lines) + "\n"}
  (told,) = changes(BEFORE, now)
  assert told.endswith("and 12 more")
  files = {
    **BEFORE,
    "lock": BEFORE["lock"].replace(
      "3.14.0", f"3.14.0 \\\n    --hash=sha256:{'0' * 64}"
    ),
  }
  assert changes(BEFORE, files) == ["packages: the same versions, other files"]
