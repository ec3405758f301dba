"""A pod's volumes, as folders below the pod's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.kubelet.environment import (
  Surroundings,
  decoded,
  field,
)


class NotMounted(Exception):
  """A volume's content is not there yet; the text is the kubelet's."""


def mount(folder: Path, around: Surroundings) -> dict[str, Path]:
  """Makes the volumes of a pod and returns where each is.

  Raises:
    NotMounted: something that one of them shows is missing.
  """
  places = {}
  for each in around.pod["spec"].get("volumes") or []:
    place = folder / each["name"]
    place.mkdir(parents=True, exist_ok=True)
    try:
      for path, data in _files(each, around):
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except LookupError as error:
      raise NotMounted(
        f'MountVolume.SetUp failed for volume "{each["name"]}" :'
        f" {error.args[0]}"
      ) from error
    places[each["name"]] = place
  return places


def mapping(container: Object, places: Mapping[str, Path]) -> dict[str, str]:
  """From each path that a container mounts to where it is here."""
  return {
    each["mountPath"].rstrip("/"): str(
      places[each["name"]] / (each.get("subPath") or "")
    ).rstrip("/")
    for each in container.get("volumeMounts") or []
  }


def rewritten(text: str, paths: Mapping[str, str]) -> str:
  """A text with the paths that a container mounts replaced by those here."""
  if not paths:
    return text
  longest_first = sorted(paths, key=len, reverse=True)
  known = "|".join(re.escape(each) for each in longest_first)
  pattern = rf"(?<![\w.-])({known})(?![\w.-])"
  return re.sub(pattern, lambda found: paths[found[1]], text)


def _files(volume: Object, around: Surroundings) -> Iterator[tuple[str, bytes]]:
  if "configMap" in volume:
    yield from _object("ConfigMap", volume["configMap"], "name", around)
  elif "secret" in volume:
    yield from _object("Secret", volume["secret"], "secretName", around)
  elif "downwardAPI" in volume:
    yield from _downward(volume["downwardAPI"], around)
  for source in (volume.get("projected") or {}).get("sources") or []:
    yield from _projected(source, around)


def _projected(
  source: Object, around: Surroundings
) -> Iterator[tuple[str, bytes]]:
  if "configMap" in source:
    yield from _object("ConfigMap", source["configMap"], "name", around)
  elif "secret" in source:
    yield from _object("Secret", source["secret"], "name", around)
  elif "downwardAPI" in source:
    yield from _downward(source["downwardAPI"], around)
  elif "serviceAccountToken" in source:
    yield source["serviceAccountToken"]["path"], around.token().encode()


def _object(
  kind: str, source: Object, key: str, around: Surroundings
) -> Iterator[tuple[str, bytes]]:
  name = source[key]
  item = around.find(kind, name)
  if item is None:
    if source.get("optional"):
      return
    raise LookupError(f'{kind.lower()} "{name}" not found')
  data = decoded(item)
  chosen = source.get("items") or [{"key": k, "path": k} for k in data]
  for each in chosen:
    if each["key"] not in data:
      told = f"references non-existent {kind.lower()} key: {each['key']}"
      raise LookupError(told)
    yield each["path"], data[each["key"]]


def _downward(
  source: Object, around: Surroundings
) -> Iterator[tuple[str, bytes]]:
  for each in source.get("items") or []:
    if reference := each.get("fieldRef"):
      yield each["path"], field(around.pod, reference["fieldPath"]).encode()
