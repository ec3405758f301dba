"""What is installed in this very Python."""

from __future__ import annotations

import importlib.metadata


def has(line: str) -> bool:
  """Whether a requirement line is met here; its extras are not looked into."""
  from packaging.requirements import Requirement

  wanted = Requirement(line)
  if wanted.marker is not None and not wanted.marker.evaluate():
    return True
  try:
    version = importlib.metadata.version(wanted.name)
  except importlib.metadata.PackageNotFoundError:
    return False
  return wanted.specifier.contains(version, prereleases=True)
