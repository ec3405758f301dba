"""What a stack has inside its cluster: shown, made and removed.

By server-side apply, which can be repeated: a run that was interrupted goes on
where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from keras_remote_gke.api import Api
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.inside import (
  objects,
  refusals,
  removing,
  values,
)
from keras_remote_pulumi_infra.inside.controllers import KIND, Controller
from keras_remote_pulumi_infra.inside.kinds import Kinds
from keras_remote_pulumi_infra.inside.objects import Standing
from keras_remote_pulumi_infra.inside.releases import RELEASES
from keras_remote_pulumi_infra.inside.sources import Source
from keras_remote_pulumi_infra.inside.values import Body, Change, Component
from keras_remote_pulumi_infra.inside.waits import Patience

__all__ = ["Change", "Component", "apply", "plan", "remove", "wanted"]

# Every cluster has it, and it is nobody's to remove.
_DEFAULT = "default"
_WORDS = {"Namespace": "namespace", "ServiceAccount": "service account"}
_OPERATIONS = {
  Standing.ABSENT: "create",
  Standing.DIFFERENT: "update",
  Standing.OTHERS: "same",
  Standing.SAME: "same",
}
Report = Callable[[Change], None]


def wanted(
  config: InfraConfig, manifests: Mapping[str, Source] | None = None
) -> tuple[Component, ...]:
  """What there is to be inside the cluster.

  Args:
    manifests: where those of controllers are, by name, that are not to be
      their releases' own.
  """
  given = manifests or {}
  return (
    Component(name=values.JOBS, objects=tuple(_for_jobs(config))),
    *(
      Component(name=each, release=RELEASES[each], source=given.get(each))
      for each in config.controllers
    ),
  )


def plan(asked: Sequence[Component], api: Api | None) -> list[Change]:
  """What would become of everything; nothing is changed.

  Args:
    api: None while there is no cluster.

  Raises:
    InfraError: the cluster does not answer, or shows nothing.
  """
  if api is None:
    return [change for each in asked for change in _created(each)]
  kinds, found = Kinds(api), list[Change]()
  with refusals.said("what is inside the cluster"):
    for each in asked:
      found += _planned(kinds, each)
    found += [_removed(each) for each in _unwanted(kinds, asked)]
  return found


def apply(
  asked: Sequence[Component],
  api: Api,
  report: Report,
  patience: Patience | None = None,
) -> None:
  """Makes everything what is wanted, and removes controllers that are not.

  Args:
    report: told of each thing when it is done.

  Raises:
    InfraError: something could not be made; the next call goes on.
  """
  kinds, patience = Kinds(api), patience or Patience()
  for each in asked:
    with refusals.said(each.name):
      for change in _made(kinds, each, patience):
        report(change)
  with refusals.said("what is no longer wanted"):
    gone = _unwanted(kinds, asked)
  remove(gone, api, report, patience)


def remove(
  names: Sequence[str],
  api: Api,
  report: Report,
  patience: Patience | None = None,
) -> None:
  """Removes components by their names, with all that was made of them.

  With a controller go the jobs that are objects of its kinds.
  """
  kinds, patience = Kinds(api), patience or Patience()
  for each in names:
    with refusals.said(each):
      if removing.remove(kinds, each, patience):
        report(_removed(each))


def _for_jobs(config: InfraConfig) -> Iterator[Body]:
  labels = values.labels(values.JOBS)
  if config.namespace != _DEFAULT:
    about = {"name": config.namespace, "labels": labels}
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": about}
  account = {
    "name": config.service_account,
    "namespace": config.namespace,
    "labels": labels,
  }
  yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account}


def _created(component: Component) -> Iterator[Change]:
  if component.release is not None:
    yield Controller(component, component.release).created()
  for each in component.objects:
    yield _change(component, each, Standing.ABSENT)


def _planned(kinds: Kinds, component: Component) -> Iterator[Change]:
  if component.release is not None:
    yield Controller(component, component.release).planned(kinds)
  for each in component.objects:
    yield _change(component, each, objects.standing(kinds, each))


def _made(
  kinds: Kinds, component: Component, patience: Patience
) -> Iterator[Change]:
  if component.release is not None:
    yield Controller(component, component.release).made(kinds, patience)
  for each in component.objects:
    yield _change(component, each, objects.make(kinds, each))


def _unwanted(kinds: Kinds, asked: Sequence[Component]) -> list[str]:
  """The controllers of ours that are there and that nobody asks for."""
  names = {each.name for each in asked}
  return sorted(removing.present(kinds) & RELEASES.keys() - names)


def _change(component: Component, body: Body, how: Standing) -> Change:
  about = body["metadata"]
  theirs = how is Standing.OTHERS
  return Change(
    operation=_OPERATIONS[how],
    kind=_WORDS[body["kind"]],
    name=about["name"],
    namespace=about.get("namespace"),
    component=component.name,
    detail="somebody else's, left as it is" if theirs else "",
  )


def _removed(name: str) -> Change:
  release = RELEASES.get(name)
  return Change(
    operation="delete",
    kind=KIND if release else "namespace and service account",
    name=name,
    namespace=release.namespace if release else None,
    component=name,
  )
