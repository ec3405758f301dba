"""What ``keras-remote doctor`` looks at for jobs on several machines."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from keras_remote_core import choosing, opening, planning
from keras_remote_core.model import CheckResult, Resources
from keras_remote_core.providers import BackendProvider
from keras_remote_gke import checks, node_pools
from keras_remote_gke.site import Site
from keras_remote_pathways import generations, layouts, permission
from keras_remote_pathways import pools as machines
from keras_remote_pathways.backend import PathwaysBackend
from keras_remote_pathways.objects import Layout
from keras_remote_pathways.settings import PathwaysSettings

_VERBS = ("create", "get", "list", "watch", "delete")


@frozen(kw_only=True)
class _Here:
  """The configured cluster, and what is asked of it."""

  site: Site
  settings: PathwaysSettings
  resources: Resources


def layout() -> CheckResult:
  """Whether the cluster has the kind of object that jobs become."""
  here = _here()
  if here is None:
    return checks.NOWHERE
  try:
    found = _choose(here)
  except layouts.NoLayout as error:
    return CheckResult(ok=False, message=error.message, remedy=error.remedy)
  if found.excluded:
    return CheckResult(ok=True, message=f"jobs become {_plural(here, found)}")
  return CheckResult(
    ok=False,
    message="LeaderWorkerSet is older than 0.6: a job's head takes a place on"
    " its TPU machines",
    remedy=f"kubectl apply --server-side -f {layouts.INSTALL[found.name]}",
  )


def permissions() -> CheckResult:
  """Whether this account may do all that a job on several machines takes."""
  here = _here()
  if here is None:
    return checks.NOWHERE
  found = _layout(here)
  if found is None:
    return _no_layout()
  paths = found.paths(here.site.paths.namespace)
  group, _, _ = paths.group.partition("/")
  needed = [(verb, paths.plural, group) for verb in _VERBS]
  if not (found.ends_by_itself or here.settings.unattended):
    needed += [
      (verb, kind, permission.GROUP)
      for kind in ("roles", "rolebindings")
      for verb in ("create", "get", "patch", "delete")
    ]
  return checks.allowed(here.site, needed)


def pools() -> CheckResult:
  """Whether the cluster has machines for the head and for every slice."""
  here = _here()
  if here is None:
    return checks.NOWHERE
  name, layout = here.resources.accelerator.name, _layout(here)
  if not generations.drives(here.resources.accelerator):
    told = f"not looked at: {name} is no slice of several machines"
    return CheckResult(ok=True, message=told)
  if layout is None:
    return _no_layout()
  cluster = machines.told(here.site.description)
  if cluster is None:
    told = "not looked at: pools are made on demand, or not told of"
    return CheckResult(ok=True, message=told)
  missing = machines.shortage(cluster, here.resources, here.settings, layout)
  if missing is not None:
    return CheckResult(ok=False, message=missing.message, remedy=missing.remedy)
  heads = ", ".join(node_pools.plain(cluster))
  slices = ", ".join(node_pools.fitting(cluster, here.resources))
  told = f"heads run on {heads}, slices of {name} on {slices}"
  return CheckResult(ok=True, message=told)


def _layout(here: _Here) -> Layout | None:
  try:
    return _choose(here)
  except layouts.NoLayout:
    return None


def _choose(here: _Here) -> Layout:
  return layouts.choose(here.site, layouts.installed(here.site), here.settings)


def _no_layout() -> CheckResult:
  return CheckResult(ok=True, message="not looked at: nothing is installed")


def _plural(here: _Here, found: Layout) -> str:
  return found.paths(here.site.paths.namespace).plural


def _here() -> _Here | None:
  """The configured cluster; None where nothing says which it is."""
  opener = opening.here()
  provider = opener.registry.provider("backend", "pathways")
  assert isinstance(provider, BackendProvider)
  core = opener.asked.core.value
  settings: Any = choosing.settings_of(provider, opener.asked)
  if core.project is None and not settings.kubeconfig:
    return None
  backend = opener.backend("pathways", opener.default_store(provider))
  assert isinstance(backend, PathwaysBackend)
  return _Here(
    site=backend.site(),
    settings=settings,
    resources=planning.parse_accelerator(core.accelerator, opener.registry),
  )
