"""What can be installed inside a cluster, and in which release; pure."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen


@frozen(kw_only=True)
class Release:
  """One release of a controller.

  Args:
    version: with its ``v``, as it is tagged.
    repository: on GitHub, as ``OWNER/NAME``.
    group: the API group of what it brings.
    namespace: the one that it runs in, by its own manifest.
  """

  name: str
  version: str
  repository: str
  group: str
  namespace: str


RELEASES: Mapping[str, Release] = {
  each.name: each
  for each in (
    Release(
      name="lws",
      version="v0.10.0",
      repository="kubernetes-sigs/lws",
      group="leaderworkerset.x-k8s.io",
      namespace="lws-system",
    ),
    Release(
      name="jobset",
      version="v0.12.0",
      repository="kubernetes-sigs/jobset",
      group="jobset.x-k8s.io",
      namespace="jobset-system",
    ),
    Release(
      name="kueue",
      version="v0.19.1",
      repository="kubernetes-sigs/kueue",
      group="kueue.x-k8s.io",
      namespace="kueue-system",
    ),
  )
}
"""By the names of ``config.CONTROLLERS``."""


def is_newer(version: str, than: str) -> bool:
  """Whether a version comes after another; one that is no version does not."""
  from packaging.version import InvalidVersion, Version

  try:
    return Version(version) > Version(than)
  except InvalidVersion:
    return False
