"""What the pods of a cluster share on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from keras_remote_gke.testing.control.objects import Object, name, namespace
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import (
  CONFIG_MAPS,
  SECRETS,
  SERVICES,
)
from keras_remote_gke.testing.control.service_accounts import ServiceAccounts
from keras_remote_gke.testing.controllers.events import Recorder
from keras_remote_gke.testing.controllers.loop import Pace
from keras_remote_gke.testing.kubelet import environment
from keras_remote_gke.testing.kubelet.addresses import ADDRESS, Addresses
from keras_remote_gke.testing.kubelet.environment import Surroundings
from keras_remote_gke.testing.kubelet.images import Images

__all__ = ["ADDRESS", "Host"]


@frozen(kw_only=True)
class Host:
  """The machine below all nodes.

  Args:
    folder: where pods have their files.
    environ: what a node would route containers to: the addresses of the
      metadata server and of Cloud Storage.
    port: of the API server.
  """

  registry: Registry
  recorder: Recorder
  accounts: ServiceAccounts
  images: Images
  pace: Pace
  folder: Path
  environ: Mapping[str, str]
  port: int
  addresses: Addresses = field(factory=Addresses)

  def surroundings(self, pod: Object) -> Surroundings:
    kinds = {"ConfigMap": CONFIG_MAPS, "Secret": SECRETS}

    def find(kind: str, title: str) -> Object | None:
      return self.registry.state.get(kinds[kind], namespace(pod), title)

    def token() -> str:
      account = pod["spec"].get("serviceAccountName", "default")
      return self.accounts.token(namespace(pod), account)

    return Surroundings(pod=pod, find=find, token=token)

  def resolved(self, text: str, pod: Object) -> str:
    """A text with the names of pods as they are reached from here."""
    services = self.registry.state.all(SERVICES, namespace(pod))
    headless = [e for e in services if e["spec"].get("clusterIP") == "None"]
    space = namespace(pod)
    return self.addresses.resolved(text, space, map(name, headless))

  def environment(
    self, pod: Object, binaries: Path, home: Path
  ) -> dict[str, str]:
    """What every container of a pod has before its own variables."""
    hostname = pod["spec"].get("hostname") or name(pod)
    return {
      **environment.index_access(os.environ),
      **environment.of_image(str(binaries), str(home), hostname),
      **environment.of_services(ADDRESS, self.port),
      **self.environ,
    }
