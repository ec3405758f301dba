"""A cluster of this machine: everything together, from start to end."""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path

from keras_remote_gcp.testing.metadata import MetadataServer
from keras_remote_gcp.testing.running import Running
from keras_remote_gcp.testing.server import Server
from keras_remote_gcp.testing.storage import StorageServer
from keras_remote_gke.testing import nodes as machines
from keras_remote_gke.testing.authority import Authority
from keras_remote_gke.testing.container_api import ContainerApi
from keras_remote_gke.testing.control.access import Access
from keras_remote_gke.testing.control.api import Api
from keras_remote_gke.testing.control.evictions import Evictions
from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import (
  BUILTIN,
  EVENTS,
  NAMESPACES,
  NODES,
  Resource,
)
from keras_remote_gke.testing.control.service_accounts import ServiceAccounts
from keras_remote_gke.testing.control.state import State
from keras_remote_gke.testing.controllers import installing
from keras_remote_gke.testing.controllers.events import Recorder, Source
from keras_remote_gke.testing.controllers.garbage import GarbageCollector
from keras_remote_gke.testing.controllers.jobs import JobController
from keras_remote_gke.testing.controllers.loop import Loop, Pace
from keras_remote_gke.testing.controllers.namespaces import NamespaceController
from keras_remote_gke.testing.controllers.scheduler import Scheduler
from keras_remote_gke.testing.controllers.taints import TaintManager
from keras_remote_gke.testing.disruptions import Disruptions
from keras_remote_gke.testing.extensions import Extensions
from keras_remote_gke.testing.kubelet.host import ADDRESS, Host
from keras_remote_gke.testing.kubelet.images import Finder, Images
from keras_remote_gke.testing.kubelet.kubelet import Kubelet
from keras_remote_gke.testing.kubelet.pod_logs import PodLogs
from keras_remote_gke.testing.nodes import Node
from keras_remote_gke.testing.service_usage import ServiceUsage


class Cluster(Running):
  """A GKE cluster in one process, and the Google services it needs.

  Args:
    folder: where pods have their files; nothing is written elsewhere.
    nodes: the machines there are.
    images: from an image's reference to the interpreter that stands in for
      it, or a function that knows them; ``python:3.x`` needs no entry.
    image_folder: where environments for those are made, once; a folder that
      several clusters share saves some seconds. None: below ``folder``.
    namespaces: those there are besides ``default``.
    scale: how long the waits take that a cluster chooses itself: the
      back-off between a Job's pods, of images and of crashes, and a finished
      Job's time to live. 0.01: a hundredth.
    authenticated: whether only tokens of ``metadata`` are accepted.
    port: of the API server; 0: one that is free.
    lws: the release of LeaderWorkerSet that is installed, such as 0.10.0.
    jobset: whether JobSet is installed.

  Attributes:
    api: the API server's ``Server``: its faults, requests and ``down()``.
    storage, metadata: Cloud Storage and the metadata server.
    disruptions: what can happen to pods and nodes.
    state: all objects.
  """

  def __init__(
    self,
    folder: Path,
    nodes: Iterable[Node] = (Node(),),
    images: Mapping[str, str | Path] | Finder | None = None,
    *,
    image_folder: Path | None = None,
    project: str = "emulated-project",
    zone: str = "us-central1-a",
    cluster: str = "emulated",
    namespaces: Iterable[str] = (),
    scale: float = 1.0,
    authenticated: bool = True,
    port: int = 0,
    lws: str | None = None,
    jobset: bool = False,
  ) -> None:
    self.folder, self._numbers = folder, itertools.count()
    self.project, self.zone, self.name = project, zone, cluster
    self._nodes, self._namespaces = tuple(nodes), ("default", *namespaces)
    self._extensions = Extensions(lws=lws, jobset=jobset)
    self.resources = [*BUILTIN, *self._extensions.resources()]
    self.metadata = MetadataServer(project=project, zone=zone)
    self.storage = StorageServer(self.metadata if authenticated else None)
    self.state = State()
    self._registry, self._pace = Registry(self.state), Pace(scale)
    self._recorder, self._authority = Recorder(self._registry), Authority()
    self._accounts = ServiceAccounts(self.state)
    self._access = self._made_access(authenticated)
    self._api = self._made_api()
    self.api = Server(self._api.answer, tls=self._authority.server, port=port)
    self.container_api = Server(self._container_api(authenticated).answer)
    self._service_usage = Server(self._usage(authenticated).answer)
    self._kubelet = Kubelet(self._host(folder, images or {}, image_folder))
    self.disruptions = self._made_disruptions()
    self._serve_parts()
    self._jobs = JobController(self._registry, self._recorder, self._pace)
    self._spaces = self._made_spaces()
    self._loops, self._servers = self._made_loops(), contextlib.ExitStack()

  @property
  def environ(self) -> dict[str, str]:
    """What has Google's libraries and keras-remote come here."""
    return {
      "KERAS_REMOTE_PROJECT": self.project,
      "KERAS_REMOTE_ZONE": self.zone,
      "KERAS_REMOTE_CLUSTER": self.name,
      "CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER": self.container_api.url + "/",
      "CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE": self._service_usage.url
      + "/",
      **self.metadata.environ,
      **self.storage.environ,
    }

  @property
  def certificate(self) -> bytes:
    """Of the authority that the API server's certificate is of, as PEM."""
    return self._authority.certificate

  def start(self) -> None:
    for server in (
      self.metadata,
      self.storage,
      self.container_api,
      self._service_usage,
      self.api,
    ):
      self._servers.enter_context(server)
    self.storage.create_bucket(f"{self.project}-keras-remote-{self.name}")
    self._furnish()
    for loop in self._loops:
      loop.start()

  def stop(self) -> None:
    self.state.close()
    for loop in self._loops:
      loop.join()
    self._kubelet.stop()
    self._servers.close()

  def objects(self, plural: str, namespace: str = "") -> list[Object]:
    """What there is of a kind: ``pods``, ``jobs``, ``events``."""
    return self.state.all(self._resource(plural), namespace)

  def object(
    self, plural: str, title: str, namespace: str = "default"
  ) -> Object:
    """One object; KeyError where there is none."""
    resource = self._resource(plural)
    space = namespace if resource.namespaced else ""
    found = self.state.get(resource, space, title)
    if found is None:
      raise KeyError(f"{plural} {namespace}/{title}")
    return found

  def create(self, plural: str, body: Object) -> Object:
    """Creates an object without a request; it names its namespace."""
    return self._registry.create(self._resource(plural), body)

  def deny(self, verb: str, resource: str, namespace: str = "*") -> None:
    """Forbids a verb on a resource, such as ``pods/log``; ``*`` is any."""
    self._access.deny(verb, resource, namespace)

  def allow(self) -> None:
    """Forbids nothing any more."""
    self._access.allow()

  def compact(self) -> None:
    """Forgets all versions but the latest: older watches get a 410."""
    self.state.compact()

  def start_twice(self, job: str, namespace: str = "default") -> None:
    """Has the Job controller start one pod too many."""
    self._jobs.start_twice(self.object("jobs", job, namespace))

  def add_node(self, node: Node) -> str:
    """A machine joins; returns its name."""
    title = f"gke-{self.name}-{node.pool}-{next(self._numbers):04d}"
    made = machines.made(node, title, ADDRESS)
    status = made.pop("status")
    self._registry.create(NODES, made)
    self._registry.update(
      NODES, "", title, lambda item: {**item, "status": status}, part="status"
    )
    return title

  def say(
    self,
    about: Object,
    reason: str,
    message: str,
    *,
    component: str = "cluster-autoscaler",
    warning: bool = False,
  ) -> None:
    """Has some component of the cluster say something about an object."""
    kind = "Warning" if warning else "Normal"
    self._recorder.say(about, Source(component), kind, reason, message)

  def _resource(self, plural: str) -> Resource:
    return next(each for each in self.resources if each.plural == plural)

  def _host(
    self,
    folder: Path,
    images: Mapping[str, str | Path] | Finder,
    image_folder: Path | None,
  ) -> Host:
    return Host(
      registry=self._registry,
      recorder=self._recorder,
      accounts=self._accounts,
      images=Images(images, image_folder or folder / "images"),
      pace=self._pace,
      folder=folder / "pods",
      environ={**self.metadata.job_environ, **self.storage.environ},
      port=self.api.port,
    )

  def _container_api(self, authenticated: bool) -> ContainerApi:
    return ContainerApi(
      project=self.project,
      location=self.zone,
      name=self.name,
      endpoint=f"{ADDRESS}:{self.api.port}",
      certificate=self.certificate,
      tokens=self.metadata.tokens if authenticated else None,
      nodes=self._nodes,
    )

  def _usage(self, authenticated: bool) -> ServiceUsage:
    tokens = self.metadata.tokens if authenticated else None
    return ServiceUsage(project=self.project, tokens=tokens)

  def _made_api(self) -> Api:
    return Api(
      registry=self._registry, access=self._access, resources=self.resources
    )

  def _made_access(self, authenticated: bool) -> Access:
    valid = self.metadata.valid if authenticated else None
    return Access(valid, "user@example.com", self._accounts)

  def _made_disruptions(self) -> Disruptions:
    return Disruptions(
      registry=self._registry, recorder=self._recorder, kubelet=self._kubelet
    )

  def _made_spaces(self) -> NamespaceController:
    certificate = self.certificate.decode()
    return NamespaceController(self._registry, self.resources, certificate)

  def _serve_parts(self) -> None:
    """Answers what is asked of pods besides the objects."""
    parts, evict = self._api.parts, self.disruptions.evict
    parts["pods/log"] = PodLogs(self._registry, self._kubelet).answer
    parts["pods/eviction"] = Evictions(self._registry, evict).answer

  def _made_loops(self) -> list[Loop]:
    scheduler = Scheduler(self._registry, self._recorder)
    taints = TaintManager(self._registry, self.disruptions.banish, self._pace)
    loop = functools.partial(Loop, self.state)
    # Nothing owns an event, and there are many.
    owned = [each for each in self.resources if each != EVENTS]
    garbage = GarbageCollector(self._registry, owned)
    return [
      loop(JobController.watched, self._jobs.sync),
      loop(Scheduler.watched, scheduler.sync),
      loop(Kubelet.watched, self._kubelet.sync),
      loop(TaintManager.watched, taints.sync),
      loop(owned, garbage.sync),
      *installing.loops(self._registry, self.resources),
      loop(self.resources, self._spaces.sync),
      *self._extensions.loops(self._registry, self._recorder, self._pace),
    ]

  def _furnish(self) -> None:
    """Makes what every cluster has."""
    for space in (*self._namespaces, "kube-system"):
      self._registry.create(NAMESPACES, {"metadata": {"name": space}})
      self._spaces.furnish(space)
    for node in self._nodes:
      self.add_node(node)
