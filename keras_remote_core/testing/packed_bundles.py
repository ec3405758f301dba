"""Bundles: the same for the same call, whole, and without secrets."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import pytest
from attrs import evolve

from keras_remote_core.model import Bundle, Call
from keras_remote_core.testing import functions
from keras_remote_core.testing.capabilities import Claiming
from keras_remote_core.testing.functions import detached
from keras_remote_core.testing.packing import Packing
from keras_remote_runner import signing


class Bundles(Claiming):
  def test_the_same_call_gives_the_same_bundle(self, packing: Packing) -> None:
    add = detached(functions.add)
    first, second = (packing.pack(add, {"a", "b"}, b=1) for _ in range(2))
    assert _described(first) == _described(second)

  def test_other_arguments_leave_the_function_as_it_is(
    self, packing: Packing
  ) -> None:
    one, other = (packing.pack(detached(functions.add), n) for n in (1, 2))
    assert one.function.sha256 == other.function.sha256
    assert one.inputs[0].sha256 != other.inputs[0].sha256

  def test_its_files_are_whole_and_say_what_they_hold(
    self, packing: Packing
  ) -> None:
    bundle = packing.pack(detached(functions.add), 1)
    for blob in bundle.blobs:
      assert blob.size == blob.path.stat().st_size
      assert blob.sha256 == signing.file_sha256(blob.path)

  def test_a_bundle_says_which_python_its_code_is_for(
    self, packing: Packing
  ) -> None:
    bundle = packing.pack(detached(functions.add), 1)
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert (bundle.python, bundle.by_value) == (here, True)

  def test_requirements_of_the_call_are_the_bundles(
    self, packing: Packing
  ) -> None:
    call = Call(function=detached(functions.add), args=(1,))
    bundle = packing.packed(call, requirements=("rich==14.0.0", "attrs"))
    assert {"attrs", "rich==14.0.0"} <= set(bundle.requirements)
    assert list(bundle.requirements) == sorted(bundle.requirements)

  def test_secrets_of_a_call_are_in_no_file(
    self, packing: Packing, monkeypatch: pytest.MonkeyPatch
  ) -> None:
    value = secrets.token_hex(16)
    monkeypatch.setenv("CONFORMANCE_SECRET", value)
    call = Call(
      function=detached(functions.digest_of), args=("CONFORMANCE_SECRET",)
    )
    carried = packing.carried(call, {"CONFORMANCE_SECRET": value})
    assert value.encode() not in carried

  def test_packing_leaves_the_project_as_it_is(self, packing: Packing) -> None:
    train = packing.of_project()
    before = _files(packing)
    packing.pack(train, 1)
    assert _files(packing) == before


def _described(bundle: Bundle) -> object:
  """All of a bundle but where its files lie."""
  blobs = tuple(evolve(blob, path=Path()) for blob in bundle.blobs)
  rest = (bundle.root, bundle.layout, bundle.requirements, bundle.by_value)
  return blobs, rest


def _files(packing: Packing) -> dict[str, bytes]:
  return {
    str(path): path.read_bytes()
    for path in packing.project.rglob("*")
    if path.is_file() and path.suffix != ".pyc"
  }
