"""The environment of a container; pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.quantities import amount

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_EXPANSION = re.compile(r"\$\$|\$\(([-._A-Za-z][-._A-Za-z0-9]*)\)")
_SUBSCRIPT = re.compile(r"metadata\.(labels|annotations)\['([^']+)'\]")
_INDEX_NAMES = frozenset(
  "HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy"
  " SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE".split()
)
_INDEX_PREFIXES = ("PIP_", "UV_")

Find = Callable[[str, str], Object | None]


class NotConfigured(Exception):
  """Something that a variable refers to is not there."""


@frozen(kw_only=True)
class Surroundings:
  """What a container's variables may refer to.

  Args:
    find: a Secret or a ConfigMap by its kind and name, in the pod's
      namespace.
    token: a new token of the pod's service account.
  """

  pod: Object
  find: Find
  token: Callable[[], str]


def index_access(environ: Mapping[str, str]) -> dict[str, str]:
  """What of this process's environment lets pip and uv reach an index."""
  return {
    name: value
    for name, value in environ.items()
    if name in _INDEX_NAMES or name.startswith(_INDEX_PREFIXES)
  }


def of_image(binaries: str, home: str, hostname: str) -> dict[str, str]:
  """What an image with Python and a container runtime set."""
  return {
    "PATH": f"{binaries}:{_PATH}",
    "HOME": home,
    "HOSTNAME": hostname,
    "LANG": "C.UTF-8",
  }


def of_services(host: str, port: int) -> dict[str, str]:
  """What tells every container where the API server is."""
  address = f"tcp://{host}:{port}"
  return {
    "KUBERNETES_SERVICE_HOST": host,
    "KUBERNETES_SERVICE_PORT": str(port),
    "KUBERNETES_SERVICE_PORT_HTTPS": str(port),
    "KUBERNETES_PORT": address,
    f"KUBERNETES_PORT_{port}_TCP": address,
    f"KUBERNETES_PORT_{port}_TCP_PROTO": "tcp",
    f"KUBERNETES_PORT_{port}_TCP_PORT": str(port),
    f"KUBERNETES_PORT_{port}_TCP_ADDR": host,
  }


def of_container(
  container: Object, around: Surroundings, base: Mapping[str, str]
) -> dict[str, str]:
  """What a container's spec sets, over what is set anyway.

  Raises:
    NotConfigured: a reference leads nowhere.
  """
  made = dict(base)
  for source in container.get("envFrom") or []:
    made.update(_whole(source, around))
  for variable in container.get("env") or []:
    if variable.get("valueFrom"):
      value = _referred(variable["valueFrom"], container, around)
      if value is None:
        continue
    else:
      value = expanded(variable.get("value") or "", made)
    made[variable["name"]] = value
  return made


def expanded(text: str, values: Mapping[str, str]) -> str:
  """A text with ``$(NAME)`` replaced; what has no value stays."""

  def one(found: re.Match[str]) -> str:
    if found[0] == "$$":
      return "$"
    return values.get(found[1], found[0])

  return _EXPANSION.sub(one, text)


def decoded(item: Object) -> dict[str, bytes]:
  """The values of a Secret or a ConfigMap."""
  data = item.get("data") or {}
  binary = item.get("binaryData") or {}
  if item["kind"] == "Secret":
    return {key: base64.b64decode(value) for key, value in data.items()}
  return {
    **{key: value.encode() for key, value in data.items()},
    **{key: base64.b64decode(value) for key, value in binary.items()},
  }


def _whole(source: Object, around: Surroundings) -> dict[str, str]:
  for kind, key in (("Secret", "secretRef"), ("ConfigMap", "configMapRef")):
    if reference := source.get(key):
      item = around.find(kind, reference["name"])
      if item is None and reference.get("optional"):
        return {}
      if item is None:
        raise NotConfigured(f'{kind.lower()} "{reference["name"]}" not found')
      prefix = source.get("prefix") or ""
      return {prefix + k: v.decode() for k, v in decoded(item).items()}
  return {}


def _referred(
  source: Object, container: Object, around: Surroundings
) -> str | None:
  if reference := source.get("fieldRef"):
    return field(around.pod, reference["fieldPath"])
  if reference := source.get("resourceFieldRef"):
    return _resource(container, reference)
  for kind, key in (
    ("Secret", "secretKeyRef"),
    ("ConfigMap", "configMapKeyRef"),
  ):
    if reference := source.get(key):
      return _key(kind, reference, around)
  return None


def _key(kind: str, reference: Object, around: Surroundings) -> str | None:
  item = around.find(kind, reference["name"])
  found = decoded(item).get(reference["key"]) if item else None
  if found is not None:
    return found.decode()
  if reference.get("optional"):
    return None
  if item is None:
    raise NotConfigured(f'{kind.lower()} "{reference["name"]}" not found')
  space = around.pod["metadata"]["namespace"]
  raise NotConfigured(
    f"couldn't find key {reference['key']} in {kind}"
    f" {space}/{reference['name']}"
  )


def field(pod: Object, path: str) -> str:
  """What the downward API tells of a pod."""
  if found := _SUBSCRIPT.fullmatch(path):
    return str((pod["metadata"].get(found[1]) or {}).get(found[2], ""))
  value: Any = pod
  for part in path.split("."):
    value = value.get(part, {}) if isinstance(value, dict) else {}
  return "" if value == {} else str(value)


def _resource(container: Object, reference: Object) -> str:
  side, _, name = reference["resource"].partition(".")
  told = (container["resources"].get(side) or {}).get(name, 0)
  divisor = amount(reference.get("divisor") or 1) or 1
  return str(-(-amount(told) // divisor))
