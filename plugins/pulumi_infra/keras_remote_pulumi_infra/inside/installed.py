"""What is installed of a controller already, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from keras_remote_pulumi_infra.inside import objects, values
from keras_remote_pulumi_infra.inside.kinds import Kinds
from keras_remote_pulumi_infra.inside.releases import Release, is_newer


@frozen(kw_only=True)
class Installed:
  """A controller that is there.

  Args:
    version: None where nothing tells it.
    sha256: of the manifest that it was installed from, by us.
  """

  ours: bool
  version: str | None = None
  sha256: str | None = None

  def digest(self, release: Release) -> str | None:
    """What a release was installed from, if it is this one."""
    return self.sha256 if self.version == release.version else None

  def stays(self, release: Release) -> str | None:
    """Why it is left as it is, in place of a release; None: it is not."""
    version = self.version or "of an unknown version"
    if not self.ours:
      return f"{version}, installed by somebody else and left as it is"
    if self.version and is_newer(self.version, release.version):
      return f"{version}, which is newer than {release.version}"
    return None


def look(kinds: Kinds, release: Release) -> Installed | None:
  """What the cluster has of a controller; None where there is nothing."""
  space = objects.get(kinds, f"/api/v1/namespaces/{release.namespace}")
  if space is not None and values.ours(space):
    told: Mapping[str, str] = space["metadata"].get("annotations") or {}
    return Installed(
      ours=True,
      version=told.get(values.VERSION),
      sha256=told.get(values.DIGEST),
    )
  if objects.get(kinds, f"/apis/{release.group}") is None:
    return None
  return Installed(ours=False, version=_running(kinds, release))


def _running(kinds: Kinds, release: Release) -> str | None:
  """The version of an image that runs in the release's own namespace."""
  path = f"/apis/apps/v1/namespaces/{release.namespace}/deployments"
  found: Any = objects.get(kinds, path) or {"items": []}
  for each in found["items"]:
    for container in each["spec"]["template"]["spec"]["containers"]:
      name, _, tag = container["image"].partition("@")[0].rpartition(":")
      if name.rpartition("/")[2] == release.name:
        return str(tag)
  return None
