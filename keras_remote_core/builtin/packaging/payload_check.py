"""Whether the job will find what its payload imports."""

from __future__ import annotations

import tarfile
from pathlib import PurePosixPath

from keras_remote_core.builtin.packaging.distributions import (
  providers,
  with_dependencies,
)
from keras_remote_core.builtin.packaging.missing import (
  Missing,
  Need,
  always_there,
  missing,
)
from keras_remote_core.builtin.packaging.modules import source_of
from keras_remote_core.builtin.packaging.payload import references_of
from keras_remote_core.model import Blob, Bundle


def missing_modules(bundle: Bundle) -> tuple[Missing, ...]:
  """What neither the source nor the requirements of a bundle bring."""
  found = references_of(bundle.function, *bundle.inputs).modules
  needs = [_need(each, bundle) for each in found if not always_there(each)]
  if not needs:
    return ()
  return missing(
    needs,
    bundle.root,
    _paths(bundle.source) if any(need.file for need in needs) else frozenset(),
    with_dependencies(bundle.requirements),
  )


def _need(module: str, bundle: Bundle) -> Need:
  file = source_of(module)
  inside = file and bundle.root and file.is_relative_to(bundle.root)
  return Need(
    module=module,
    file=file,
    # Slow to find out, and without meaning for what ships.
    providers=frozenset() if inside else providers(module),
  )


def _paths(source: Blob | None) -> frozenset[str]:
  """All files of an archive and the folders they are in."""
  if source is None:
    return frozenset()
  with tarfile.open(source.path) as tar:
    files = [PurePosixPath(name) for name in tar.getnames()]
  return frozenset(
    str(path) for file in files for path in (file, *file.parents)
  )
