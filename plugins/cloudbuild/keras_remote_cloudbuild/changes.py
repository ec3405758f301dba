"""Which inputs of an image are others than before; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keras_remote_cloudbuild.digest import UNRESOLVED
from keras_remote_cloudbuild.locks import Lock

_SHORT = ("base image", "accelerator", "python", "uv", "index")
_LISTS = ("apt", "requirements")
_SHOWN = 8


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
  """A line for each difference, such as ``keras 3.14 → 3.15``.

  Args:
    before: the inputs of an earlier recipe.
    now: those of a recipe.
  """
  found = [*_short(before, now), *_lists(before, now), *_locked(before, now)]
  if not found and before.get("dockerfile") != now.get("dockerfile"):
    found = ["dockerfile: another version of keras-remote-cloudbuild made it"]
  return found


def _short(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
  for name in _SHORT:
    old, new = before.get(name, ""), now.get(name, "")
    if old != new:
      yield f"{name}: {old or 'none'} → {new or 'none'}"


def _lists(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
  for name in _LISTS:
    old, new = before.get(name, ""), now.get(name, "")
    gone = [each for each in old.splitlines() if each not in new.splitlines()]
    came = [each for each in new.splitlines() if each not in old.splitlines()]
    if gone or came:
      yield f"{name}: {', '.join(gone) or 'nothing'} → {', '.join(came) or 'nothing'}"


def _locked(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
  old, new = before.get("lock", UNRESOLVED), now.get("lock", UNRESOLVED)
  if UNRESOLVED in (old, new) or old == new:
    return
  was, is_ = Lock.parse(old).versions, Lock.parse(new).versions
  found = [
    f"{name} {was.get(name, 'none')} → {is_.get(name, 'none')}"
    for name in sorted({*was, *is_})
    if was.get(name) != is_.get(name)
  ]
  shown = ", ".join(found[:_SHOWN]) or "the same versions, other files"
  more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
  yield f"packages: {shown}{more}"
