"""The custom resources that a cluster may have, as their own releases define.

LeaderWorkerSet 0.10.0 and JobSet v1alpha2, without the descriptions.
"""

from __future__ import annotations

import functools
import gzip
import json
from importlib import resources
from typing import Any


@functools.cache
def definition(plural: str) -> Any:
  """The CustomResourceDefinition of ``leaderworkersets`` or ``jobsets``."""
  file = resources.files(__name__) / f"{plural}.json.gz"
  return json.loads(gzip.decompress(file.read_bytes()))


def known(plural: str) -> bool:
  """Whether there is a definition of a kind here."""
  return (resources.files(__name__) / f"{plural}.json.gz").is_file()


def schema(plural: str) -> Any:
  """The OpenAPI schema of the one version there is; not to be changed."""
  return definition(plural)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
