"""Controllers of the cluster: what becomes of one, and doing it."""

from __future__ import annotations

import collections

from attrs import frozen

from keras_remote_core import concurrency
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside import (
  documents,
  installed,
  manifests,
  objects,
  waits,
)
from keras_remote_pulumi_infra.inside.documents import Stages
from keras_remote_pulumi_infra.inside.installed import Installed
from keras_remote_pulumi_infra.inside.kinds import Kinds
from keras_remote_pulumi_infra.inside.objects import Standing
from keras_remote_pulumi_infra.inside.releases import Release
from keras_remote_pulumi_infra.inside.values import Change, Component
from keras_remote_pulumi_infra.inside.waits import Patience

KIND = "controller"


@frozen
class Controller:
  """One that is wanted."""

  component: Component
  release: Release

  def planned(self, kinds: Kinds) -> Change:
    """What would become of it.

    Raises:
      InfraError: its manifest is not what it should be, or is not where the
        user says.
    """
    found = installed.look(kinds, self.release)
    if found is None:
      return self.created()
    if why := found.stays(self.release):
      return self._change("same", why)
    if found.version != self.release.version:
      return self._change("update", self._from(found))
    wanted = self._known(found)
    if isinstance(wanted, str):
      return self._change("same", wanted)
    how = concurrency.each(lambda e: objects.standing(kinds, e), wanted.all)
    return self._compared(found, wanted, how)

  def created(self) -> Change:
    """What becomes of it where it is not there.

    Raises:
      InfraError: its manifest is not where the user says.
    """
    if self.component.source is not None:
      # Better now than when a cluster has been made for it.
      self._stages(None)
    return self._change("create", self.release.version)

  def made(self, kinds: Kinds, patience: Patience) -> Change:
    """Makes it what is wanted, and waits until it works.

    Raises:
      InfraError: its manifest cannot be had, or it never works.
    """
    found = installed.look(kinds, self.release)
    if found and (why := found.stays(self.release)):
      return self._change("same", why)
    wanted = self._stages(found)
    how = [objects.make(kinds, each) for each in wanted.first]
    definitions = [e for e in wanted.first if e["kind"] == documents.DEFINITION]
    waits.until(kinds, definitions, waits.ESTABLISHED, patience)
    rest = (*wanted.middle, *wanted.workloads, *wanted.last)
    how += [objects.make(kinds, each) for each in rest]
    waits.until(kinds, wanted.workloads, waits.AVAILABLE, patience)
    if found is None:
      return self._change("create", _parts(self.release.version, wanted))
    if found.version != self.release.version:
      return self._change("update", self._from(found))
    return self._compared(found, wanted, how)

  def _known(self, found: Installed) -> Stages | str:
    """What it is to be; in words, why nobody can tell at this time."""
    try:
      return self._stages(found)
    except manifests.Altered:
      raise
    except InfraError as error:
      if self.component.source is not None:
        raise
      return f"{found.version}, not compared: {error.message}"

  def _stages(self, found: Installed | None) -> Stages:
    known = found.digest(self.release) if found else None
    got = manifests.fetch(self.release, self.component.source, known)
    return documents.stages(got.text, self.release, got.sha256)

  def _compared(
    self, found: Installed, wanted: Stages, how: list[Standing]
  ) -> Change:
    counts = collections.Counter(how)
    off = counts[Standing.ABSENT] + counts[Standing.DIFFERENT]
    version = str(found.version)
    if not off:
      return self._change("same", version)
    told = f"{version}, {off} of {len(wanted.all)} objects"
    return self._change("update", told)

  def _from(self, found: Installed) -> str:
    return f"{found.version} to {self.release.version}"

  def _change(self, operation: str, detail: str) -> Change:
    return Change(
      operation=operation,
      kind=KIND,
      name=self.component.name,
      namespace=self.release.namespace,
      component=self.component.name,
      detail=detail,
    )


def _parts(version: str, wanted: Stages) -> str:
  return f"{version}, {len(wanted.all)} objects"
