"""The pickled half of a bundle, and what it refers to."""

from __future__ import annotations

import errno
import functools
import operator
import tempfile
from pathlib import Path
from typing import Any

from keras_remote_core.builtin.packaging.diagnose import Attempt, not_picklable
from keras_remote_core.builtin.packaging.lint import References, references
from keras_remote_core.errors import PackagingError
from keras_remote_core.model import Blob, Call

_FULL = (errno.ENOSPC, errno.EDQUOT)


def pickle_call(call: Call, folder: Path) -> tuple[Blob, Blob]:
  """The function and its ``(args, kwargs)``, each pickled to a file.

  Raises:
    NotPicklable: naming the argument or variable.
    PackagingError: the disk is full.
  """
  try:
    return (
      _pickle(call.function, folder / "function.pickle"),
      _pickle((call.args, dict(call.kwargs)), folder / "input-0.pickle"),
    )
  except Exception as error:
    if getattr(error, "errno", None) in _FULL:
      raise PackagingError(
        f"cannot write the pickled call to {folder}: {error}",
        remedy="free some space, or set TMPDIR to a larger disk",
      ) from error
    raise not_picklable(call, error, attempt_in(folder)) from error


def attempt_in(folder: Path) -> Attempt:
  """Pickles values as for the job, to files that go away at once."""
  from keras_remote_runner.container import dump

  def attempt(value: Any) -> Exception | None:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
      try:
        dump(value, Path(scratch) / "value")
      except Exception as error:
        return error
      return None

  return attempt


def references_of(*blobs: Blob) -> References:
  """What pickled files refer to, taken together."""
  return functools.reduce(operator.or_, map(_references, blobs), References())


def _references(blob: Blob) -> References:
  from keras_remote_runner.container import open_pickle

  with open_pickle(blob.path) as pickled:
    return references(pickled)


def _pickle(value: object, path: Path) -> Blob:
  from keras_remote_runner.container import dump

  written = dump(value, path)
  return Blob(path=path, sha256=written.sha256, size=written.size)
