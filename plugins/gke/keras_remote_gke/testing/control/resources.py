"""The kinds of objects the API server knows."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Resource:
  """One kind of object and where it lies in the API.

  Args:
    plural: as in URLs.
    typed: True: built in. False: as a CustomResourceDefinition makes it;
      lists of those repeat each item's kind.
    status: whether ``status`` is written only through its subresource.
    generation: whether ``metadata.generation`` counts changes of the spec.
    returned: whether deleting it answers the object rather than a Status.
    fields: what field selectors may name besides name and namespace.
    release: of which the definition of a custom resource is; empty: the
      latest there is.
  """

  group: str = ""
  version: str = "v1"
  kind: str
  plural: str
  short: tuple[str, ...] = ()
  namespaced: bool = True
  typed: bool = True
  status: bool = False
  generation: bool = False
  returned: bool = False
  fields: tuple[str, ...] = ()
  release: str = ""

  @property
  def api_version(self) -> str:
    return f"{self.group}/{self.version}" if self.group else self.version

  @property
  def qualified(self) -> str:
    """The plural as messages have it: ``pods``, ``jobs.batch``."""
    return f"{self.plural}.{self.group}" if self.group else self.plural

  @property
  def qualified_kind(self) -> str:
    return f"{self.kind}.{self.group}" if self.group else self.kind


CLUSTER_ROLES = Resource(
  group="rbac.authorization.k8s.io",
  kind="ClusterRole",
  plural="clusterroles",
  namespaced=False,
)
CLUSTER_ROLE_BINDINGS = Resource(
  group="rbac.authorization.k8s.io",
  kind="ClusterRoleBinding",
  plural="clusterrolebindings",
  namespaced=False,
)
CONFIG_MAPS = Resource(kind="ConfigMap", plural="configmaps", short=("cm",))
DEFINITIONS = Resource(
  group="apiextensions.k8s.io",
  kind="CustomResourceDefinition",
  plural="customresourcedefinitions",
  short=("crd", "crds"),
  namespaced=False,
  status=True,
  generation=True,
)
DEPLOYMENTS = Resource(
  group="apps",
  kind="Deployment",
  plural="deployments",
  short=("deploy",),
  status=True,
  generation=True,
)
EVENTS = Resource(
  kind="Event",
  plural="events",
  short=("ev",),
  fields=(
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ),
)
JOBS = Resource(
  group="batch",
  kind="Job",
  plural="jobs",
  status=True,
  generation=True,
  fields=("status.successful",),
)
JOB_SETS = Resource(
  group="jobset.x-k8s.io",
  version="v1alpha2",
  kind="JobSet",
  plural="jobsets",
  typed=False,
  status=True,
  generation=True,
)
LEADER_WORKER_SETS = Resource(
  group="leaderworkerset.x-k8s.io",
  kind="LeaderWorkerSet",
  plural="leaderworkersets",
  short=("lws",),
  typed=False,
  status=True,
  generation=True,
)
MUTATING_WEBHOOKS = Resource(
  group="admissionregistration.k8s.io",
  kind="MutatingWebhookConfiguration",
  plural="mutatingwebhookconfigurations",
  namespaced=False,
  generation=True,
)
NAMESPACES = Resource(
  kind="Namespace",
  plural="namespaces",
  short=("ns",),
  namespaced=False,
  status=True,
  fields=("status.phase",),
)
NODES = Resource(
  kind="Node",
  plural="nodes",
  short=("no",),
  namespaced=False,
  status=True,
  fields=("spec.unschedulable",),
)
PODS = Resource(
  kind="Pod",
  plural="pods",
  short=("po",),
  status=True,
  generation=True,
  returned=True,
  fields=(
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
  ),
)
ROLES = Resource(group="rbac.authorization.k8s.io", kind="Role", plural="roles")
ROLE_BINDINGS = Resource(
  group="rbac.authorization.k8s.io", kind="RoleBinding", plural="rolebindings"
)
SECRETS = Resource(kind="Secret", plural="secrets", fields=("type",))
SERVICE_ACCOUNTS = Resource(
  kind="ServiceAccount",
  plural="serviceaccounts",
  short=("sa",),
  returned=True,
)
SERVICES = Resource(
  kind="Service",
  plural="services",
  short=("svc",),
  status=True,
  returned=True,
  fields=("spec.clusterIP", "spec.type"),
)
STATEFUL_SETS = Resource(
  group="apps",
  kind="StatefulSet",
  plural="statefulsets",
  short=("sts",),
  status=True,
  generation=True,
)
VALIDATING_WEBHOOKS = Resource(
  group="admissionregistration.k8s.io",
  kind="ValidatingWebhookConfiguration",
  plural="validatingwebhookconfigurations",
  namespaced=False,
  generation=True,
)
BUILTIN = (
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  CONFIG_MAPS,
  DEFINITIONS,
  DEPLOYMENTS,
  EVENTS,
  JOBS,
  MUTATING_WEBHOOKS,
  NAMESPACES,
  NODES,
  PODS,
  ROLES,
  ROLE_BINDINGS,
  SECRETS,
  SERVICE_ACCOUNTS,
  SERVICES,
  STATEFUL_SETS,
  VALIDATING_WEBHOOKS,
)
