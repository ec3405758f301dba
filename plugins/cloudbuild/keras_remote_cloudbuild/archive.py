"""What a build is given, as one archive: the same bytes for the same files."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping


def pack(files: Mapping[str, bytes]) -> bytes:
  """A gzipped tar without times, owners or an order of its own."""
  packed = io.BytesIO()
  with tarfile.open(fileobj=packed, mode="w") as archive:
    for name, data in sorted(files.items()):
      member = tarfile.TarInfo(name)
      member.size = len(data)
      archive.addfile(member, io.BytesIO(data))
  return gzip.compress(packed.getvalue(), mtime=0)
