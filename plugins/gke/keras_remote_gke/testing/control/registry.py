"""The verbs of the API, without HTTP: what clients and controllers call."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from keras_remote_gke.testing.control import (
  admission,
  defaults,
  deleting,
  naming,
  validation,
)
from keras_remote_gke.testing.control.deleting import Options
from keras_remote_gke.testing.control.objects import (
  Object,
  copied,
  name,
  namespace,
  now,
  with_condition,
)
from keras_remote_gke.testing.control.resources import (
  NAMESPACES,
  PODS,
  SERVICE_ACCOUNTS,
  Resource,
)
from keras_remote_gke.testing.control.state import State
from keras_remote_gke.testing.control.statuses import (
  already_exists,
  conflict,
  forbidden,
  invalid,
  not_found,
  terminating,
)

Change = Callable[[Object], Object]
Webhook = Callable[[Resource, Object], None]


class Registry:
  """Creates, changes and deletes objects by the rules of their kinds.

  Whatever is refused raises ``Refused``.

  Attributes:
    webhooks: what completes or refuses new objects besides.
  """

  def __init__(self, state: State) -> None:
    self.state = state
    self.webhooks: list[Webhook] = []

  def get(self, resource: Resource, space: str, title: str) -> Object:
    found = self.state.get(resource, space, title)
    if found is None:
      raise not_found(resource, title)
    return found

  def create(
    self, resource: Resource, body: Object, *, dry_run: bool = False
  ) -> Object:
    """Creates an object; its namespace is in its metadata."""
    item: Object = copied(body)
    space = namespace(item)
    with self.state.lock:
      if resource.namespaced:
        self._check_space(resource, item)
      self._prepare(resource, item)
      if causes := validation.of_new(resource, item):
        raise invalid(resource, item["metadata"].get("name", ""), causes)
      if self.state.get(resource, space, name(item)):
        raise already_exists(resource, name(item))
      return item if dry_run else self.state.put(resource, item)

  def update(
    self,
    resource: Resource,
    space: str,
    title: str,
    change: Change,
    *,
    part: str | None = None,
    dry_run: bool = False,
  ) -> Object:
    """Puts what ``change`` makes of an object in its place.

    Args:
      part: ``status``: that is all that is changed.
    """
    with self.state.lock:
      old = self.get(resource, space, title)
      asked = change(copied(old))
      _check_identity(resource, old, asked)
      new = _changed(resource, old, asked, part)
      if part is None and (causes := validation.of_change(resource, old, new)):
        raise invalid(resource, title, causes)
      if dry_run:
        return new
      kept = self.state.put(resource, new)
      if deleting.released(kept):
        self.state.drop(resource, kept)
      return kept

  def bind(self, pod: Object, node: str, condition: Object) -> None:
    """Gives a pod its node, as the scheduler does in one request."""

    def bound(item: Object) -> Object:
      known = item["status"].get("conditions")
      item["spec"]["nodeName"] = node
      item["status"]["conditions"] = with_condition(known, condition)
      return item

    with self.state.lock:
      old = self.get(PODS, namespace(pod), name(pod))
      self.state.put(PODS, bound(copied(old)))

  def delete(
    self, resource: Resource, space: str, title: str, options: Options
  ) -> tuple[Object, bool]:
    """Deletes an object, or has it wait for its deletion.

    Returns: the object, and whether it is gone.
    """
    with self.state.lock:
      item = self.get(resource, space, title)
      deleting.check(resource, item, options)
      kept = deleting.marked(resource, item, options)
      if options.dry_run:
        return item, kept is None
      if kept is None:
        self.state.drop(resource, item)
        return item, True
      return self.state.put(resource, kept), False

  def _check_space(self, resource: Resource, item: Object) -> None:
    """Refuses to create something in a namespace that is not there."""
    space = self.state.get(NAMESPACES, "", namespace(item))
    if space is None:
      raise not_found(NAMESPACES, namespace(item))
    if "deletionTimestamp" in space["metadata"]:
      raise terminating(resource, _called(item), namespace(item))

  def _check_account(self, pod: Object) -> None:
    """Refuses a pod of a service account that is not there."""
    account = pod["spec"]["serviceAccountName"]
    if not self.state.get(SERVICE_ACCOUNTS, namespace(pod), account):
      why = (
        f"error looking up service account {namespace(pod)}/{account}:"
        f' serviceaccount "{account}" not found'
      )
      raise forbidden(PODS, _called(pod), why)

  def _prepare(self, resource: Resource, item: Object) -> None:
    """Completes a new object, in place."""
    item.update(apiVersion=resource.api_version, kind=resource.kind)
    about = item["metadata"]
    if not about.get("name") and about.get("generateName"):
      about["name"] = naming.generated(about["generateName"])
    if not resource.namespaced:
      about.pop("namespace", None)
    for key in ("deletionTimestamp", "deletionGracePeriodSeconds"):
      about.pop(key, None)
    about.update(uid=str(uuid.uuid4()), creationTimestamp=now())
    if resource.generation:
      about["generation"] = 1
    if not about.get("name"):
      return
    defaults.fold(resource, item)
    defaults.fill_in(resource, item)
    if resource == PODS:
      admission.admit(item)
      self._check_account(item)
    for webhook in self.webhooks:
      webhook(resource, item)


def _called(item: Object) -> str:
  """What admission calls an object, which may have no name yet."""
  about = item["metadata"]
  return str(about.get("generateName") or about.get("name", ""))


def _check_identity(resource: Resource, old: Object, new: Object) -> None:
  told, have = new["metadata"], old["metadata"]
  version = told.get("resourceVersion")
  if version not in (None, "", have["resourceVersion"]):
    raise conflict(resource, name(old))
  if told.get("uid") not in (None, "", have["uid"]):
    why = (
      f"Precondition failed: UID in precondition: {told['uid']}, UID in"
      f" object meta: {have['uid']}"
    )
    raise conflict(resource, name(old), why)


def _changed(
  resource: Resource, old: Object, asked: Object, part: str | None
) -> Object:
  """What becomes of an object: what may change, and its generation."""
  if part == "status":
    return {**old, "status": asked.get("status", {})}
  new = {**asked, "apiVersion": old["apiVersion"], "kind": old["kind"]}
  defaults.fold(resource, new)
  if resource.status and "status" in old:
    new["status"] = old["status"]
  about = new["metadata"] = {**asked["metadata"]}
  for key in (
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "generateName",
  ):
    about.pop(key, None)
    if key in old["metadata"]:
      about[key] = old["metadata"][key]
  if resource.generation and new.get("spec") != old.get("spec"):
    about["generation"] += 1
  return new
