"""The API server: requests by HTTP, answered by the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gke.testing.control import (
  bodies,
  discovery,
  managing,
  patching,
  routes,
)
from keras_remote_gke.testing.control.access import Access
from keras_remote_gke.testing.control.asking import Asked
from keras_remote_gke.testing.control.deleting import Options
from keras_remote_gke.testing.control.listing import listed
from keras_remote_gke.testing.control.objects import (
  Object,
  name,
  namespace,
  uid,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.control.selectors import Selection, selection
from keras_remote_gke.testing.control.statuses import (
  Refused,
  no_manager,
  no_such_method,
  no_such_path,
  success,
  unsupported,
)
from keras_remote_gke.testing.control.watching import watch

_OF_ONE = ("delete", "get", "patch", "update")
_ANYWHERE = ("list", "watch")
"""What can be asked of all namespaces at once."""

Part = Callable[[Request, Asked], Response]


@frozen(kw_only=True)
class Api:
  """Answers every request to the API server.

  Args:
    resources: the kinds there are; more may join while it runs.
    parts: what answers at an object's subresources, by ``pods/log``.
  """

  registry: Registry
  access: Access
  resources: list[Resource]
  parts: dict[str, Part] = field(factory=dict)

  def answer(self, request: Request) -> Response:
    try:
      user = self.access.user(request.headers)
      return self._answered(request, user)
    except Refused as refused:
      return Response.json(refused.status, refused.code, refused.headers)

  def _answered(self, request: Request, user: str) -> Response:
    path = routes.path(request)
    if path in ("/healthz", "/livez", "/readyz"):
      return Response(body=b"ok", headers={"Content-Type": "text/plain"})
    if path.endswith("/selfsubjectaccessreviews"):
      return self._review(request, user)
    told = discovery.answer(path.rstrip("/"), self.resources)
    if told is not None:
      return Response.json(told)
    asked = routes.asked(request, self.resources)
    if asked is None:
      missing = b"404 page not found\n"
      headers = {"Content-Type": "text/plain; charset=utf-8"}
      return Response(status=404, body=missing, headers=headers)
    self.access.check(user, asked)
    return self._dispatched(request, asked)

  def _dispatched(self, request: Request, asked: Asked) -> Response:
    if asked.part and asked.part != "status":
      served = self.parts.get(asked.target)
      if served is None:
        raise no_such_path()
      return served(request, asked)
    placeless = asked.resource.namespaced and not asked.space
    if bool(asked.name) is not (asked.verb in _OF_ONE) or (
      placeless and asked.verb not in _ANYWHERE
    ):
      raise no_such_method()
    handle: Callable[[Request, Asked], Response] = {
      "create": self._create,
      "delete": self._delete,
      "deletecollection": self._delete_all,
      "get": self._get,
      "list": self._list,
      "patch": self._patch,
      "update": self._update,
      "watch": self._watch,
    }.get(asked.verb, self._wrong)
    return handle(request, asked)

  def _wrong(self, request: Request, asked: Asked) -> Response:
    raise no_such_method()

  def _get(self, request: Request, asked: Asked) -> Response:
    found = self.registry.get(asked.resource, asked.space, asked.name)
    return _told(request, found)

  def _list(self, request: Request, asked: Asked) -> Response:
    selected = self._selected(request, asked)
    state = self.registry.state
    return _told(
      request, listed(state, asked.resource, selected, request.query)
    )

  def _watch(self, request: Request, asked: Asked) -> Response:
    selected = self._selected(request, asked)
    state = self.registry.state
    return Response(
      body=watch(state, asked.resource, selected, request.query),
      headers={"Content-Type": "application/json"},
    )

  def _create(self, request: Request, asked: Asked) -> Response:
    decoded = self._decoded(request, asked, bodies.parsed(request))
    item = bodies.placed(decoded.item, asked.space)
    dry = bool(request.query.get("dryRun"))
    made = self.registry.create(asked.resource, item, dry_run=dry)
    return _told(request, made, 201, decoded.headers)

  def _update(self, request: Request, asked: Asked) -> Response:
    decoded = self._decoded(request, asked, bodies.parsed(request))
    item = bodies.named(bodies.placed(decoded.item, asked.space), asked.name)
    manager = bodies.manager(request)
    made = self._changed(
      request, asked, lambda old: managing.changed(old, item, manager)
    )
    return _told(request, made, 200, decoded.headers)

  def _patch(self, request: Request, asked: Asked) -> Response:
    kind = request.headers.get("content-type", "").partition(";")[0]
    known: tuple[str, ...] = patching.KNOWN
    if not asked.resource.typed:
      known = patching.KNOWN_OF_CUSTOM
    if kind not in known:
      raise unsupported(known)
    if kind == patching.APPLY:
      return self._apply(request, asked)
    patch, manager = bodies.parsed(request), bodies.manager(request)

    def change(old: Object) -> Object:
      new = self._decoded(request, asked, _patched(kind, old, patch)).item
      return managing.changed(old, new, manager)

    return _told(request, self._changed(request, asked, change))

  def _apply(self, request: Request, asked: Asked) -> Response:
    manager = request.query.get("fieldManager")
    if not manager:
      raise no_manager()
    decoded = self._decoded(request, asked, bodies.parsed(request))
    body = bodies.named(bodies.placed(decoded.item, asked.space), asked.name)
    body.update(apiVersion=asked.resource.api_version, kind=asked.resource.kind)
    dry = bool(request.query.get("dryRun"))
    with self.registry.state.lock:
      if not self.registry.state.get(asked.resource, asked.space, asked.name):
        new = managing.made(body, manager)
        created = self.registry.create(asked.resource, new, dry_run=dry)
        return _told(request, created, 201, decoded.headers)
      force = request.query.get("force", "") in ("true", "1")
      updated = self._changed(
        request,
        asked,
        lambda old: managing.applied(old, body, manager, force),
      )
      return _told(request, updated, 200, decoded.headers)

  def _changed(
    self, request: Request, asked: Asked, change: Callable[[Object], Object]
  ) -> Object:
    return self.registry.update(
      asked.resource,
      asked.space,
      asked.name,
      change,
      part=asked.part or None,
      dry_run=bool(request.query.get("dryRun")),
    )

  def _delete(self, request: Request, asked: Asked) -> Response:
    options = self._options(request)
    item, gone = self.registry.delete(
      asked.resource, asked.space, asked.name, options
    )
    headers = _orphaned(asked.resource, options)
    if gone and not asked.resource.returned:
      done = success(asked.resource, asked.name, uid(item))
      return Response.json(done, 200, headers)
    return _told(request, item, 200, headers)

  def _delete_all(self, request: Request, asked: Asked) -> Response:
    selected, options = self._selected(request, asked), self._options(request)
    found = listed(self.registry.state, asked.resource, selected, {})
    for each in found["items"]:
      self.registry.delete(asked.resource, namespace(each), name(each), options)
    return _told(request, found)

  def _selected(self, request: Request, asked: Asked) -> Selection:
    return selection(asked.resource, asked.space, request.query)

  def _options(self, request: Request) -> Options:
    return Options.of(bodies.parsed(request) or {}, request.query)

  def _decoded(
    self, request: Request, asked: Asked, body: Any
  ) -> bodies.Decoded:
    validation = request.query.get("fieldValidation")
    return bodies.decoded(asked.resource, body, validation)

  def _review(self, request: Request, user: str) -> Response:
    body = bodies.parsed(request)
    about = body["spec"].get("resourceAttributes") or {}
    group, plural = about.get("group", ""), about.get("resource", "")
    known = [
      e for e in self.resources if (e.group, e.plural) == (group, plural)
    ]
    resource = Resource(group=group, kind="", plural=plural)
    asked = Asked(
      verb=about.get("verb", ""),
      resource=known[0] if known else resource,
      space=about.get("namespace", ""),
      name=about.get("name", ""),
      part=about.get("subresource", ""),
    )
    status = {"allowed": self.access.allows(user, asked)}
    return Response.json({**body, "status": status}, 201)


def _patched(kind: str, old: Object, patch: Any) -> Object:
  if kind == patching.JSON:
    return patching.operated(old, patch)
  merge = (
    patching.merged if kind == patching.MERGE else patching.merged_strategically
  )
  made: Object = merge(old, patch)
  return made


def _orphaned(resource: Resource, options: Options) -> dict[str, str]:
  """The warning of who deletes a Job and leaves its pods."""
  if resource.plural != "jobs" or options.propagation:
    return {}
  told = (
    "child pods are preserved by default when jobs are deleted; set"
    " propagationPolicy=Background to remove them or set"
    " propagationPolicy=Orphan to suppress this warning"
  )
  return {"Warning": f'299 - "{told}"'}


def _told(
  request: Request,
  item: Object,
  status: int = 200,
  headers: Mapping[str, str] | None = None,
) -> Response:
  if bodies.wants_partial(request):
    item = bodies.partial(item)
  told = {"Content-Type": "application/json", **(headers or {})}
  return Response.json(item, status, told)
