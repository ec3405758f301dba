"""From a container's spec to the command that stands for it."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve, frozen

from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.kubelet import environment, volumes
from keras_remote_gke.testing.kubelet.host import Host
from keras_remote_gke.testing.kubelet.images import Image
from keras_remote_gke.testing.kubelet.probes import Probe, probe


@frozen
class Prepared:
  """What is started, as it is on this machine.

  Args:
    told: the file in which it may leave a message.
    probe: what says whether it is ready; None: it is, once it runs.
  """

  image: Image
  command: list[str]
  env: dict[str, str]
  told: Path
  probe: Probe | None


@frozen(kw_only=True)
class Preparing:
  """Where a container of a pod finds what it needs.

  Args:
    folder: the container's own.
    places: of the pod's volumes.
  """

  host: Host
  pod: Object
  folder: Path
  places: dict[str, Path]

  def prepared(self, spec: Object, image: Image) -> Prepared:
    """Raises NotConfigured where a reference leads nowhere."""
    home, told = self.folder / "root", self.folder / "termination-log"
    home.mkdir(parents=True, exist_ok=True)
    told.unlink(missing_ok=True)
    paths = volumes.mapping(spec, self.places)
    paths[spec["terminationMessagePath"]] = str(told)
    base = self.host.environment(self.pod, image.python.parent, home)
    around = self.host.surroundings(self.pod)
    env = environment.of_container(spec, around, base)
    words = [*(spec.get("command") or image.entry), *(spec.get("args") or [])]
    command = [
      self._local(environment.expanded(each, env), paths) for each in words
    ]
    given = {each["name"] for each in spec.get("env") or []}
    env |= {key: self._local(env[key], paths) for key in given & env.keys()}
    return Prepared(image, command, env, told, self._probe(spec, paths))

  def _probe(self, spec: Object, paths: dict[str, str]) -> Probe | None:
    """A container's probe, whose command no variable is expanded in."""
    found = probe(spec)
    if found is None:
      return None
    command = [self._local(each, paths) for each in found.command]
    return evolve(found, command=command)

  def _local(self, text: str, paths: dict[str, str]) -> str:
    """A text with the paths and the names that hold on this machine."""
    return self.host.resolved(volumes.rewritten(text, paths), self.pod)
