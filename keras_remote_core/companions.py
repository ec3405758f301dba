"""The providers of the steps around a backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keras_remote_core import choosing
from keras_remote_core.errors import (
  InvalidSetting,
  NoStore,
  UnsupportedByBackend,
)
from keras_remote_core.model import Choice, StoreChoice
from keras_remote_core.options import Options
from keras_remote_core.providers import (
  BackendProvider,
  Provider,
  StoreProvider,
)
from keras_remote_core.registry import Registry

DEFAULTS = {
  "authenticator": "none",
  "packager": "cloudpickle",
  "image_builder": "prebuilt",
  "store": "file",
  "result_reader": "cloudpickle",
}


class Companions:
  """Chooses each by the backend's preference, else the core's own."""

  def __init__(
    self,
    options: Options,
    registry: Registry,
    backend: BackendProvider[Any],
  ) -> None:
    self._options, self._registry, self._backend = options, registry, backend

  def choice(self, step: str) -> Choice:
    """The companion of a step.

    Raises:
      UnknownProvider: it is not installed; the remedy names its extra.
    """
    return self._made(step, self._name(step), self._why)

  def image_builder(self) -> Choice:
    """As ``container_image`` asks, where the backend runs images at all."""
    named = self._options.core.value.container_image
    if named is None or "images" not in self._backend.capabilities:
      return self.choice("image_builder")
    builder = "prebuilt" if named == "prebuilt" else "given"
    return self._made("image_builder", builder, "container_image")

  def store(self, url: str | None, why: str) -> StoreChoice:
    """The store of a URL, or the companion at its default URL.

    Raises:
      NoStore: there is no URL.
      UnsupportedByBackend: jobs could not reach this store.
    """
    if url and "://" not in url:
      raise InvalidSetting(
        f"store {url!r} ({why}) is not a URL",
        remedy=f"write {Path(url).absolute().as_uri()}",
      )
    scheme = url.partition("://")[0] if url else self._name("store")
    provider = self._registry.provider("store", scheme)
    assert isinstance(provider, StoreProvider)
    if provider.remote is None:
      raise UnsupportedByBackend(
        f"jobs cannot reach a {scheme}:// store: it has no remote side",
        remedy="name another store: store=… or KERAS_REMOTE_STORE",
      )
    return StoreChoice(
      provider=provider,
      settings=choosing.settings_of(provider, self._options),
      why=why if url else self._why,
      url=(url or _default_url(provider, self._options)).rstrip("/"),
    )

  @property
  def _why(self) -> str:
    return f"companion of {self._backend.name}"

  def _name(self, step: str) -> str:
    """The companion's name: of several, the first one that is installed."""
    wanted = self._backend.companions.get(step, DEFAULTS[step])
    names = (wanted,) if isinstance(wanted, str) else wanted
    known = {provider.name for provider in self._registry.providers(step)}
    return next((name for name in names if name in known), names[0])

  def _made(self, step: str, name: str, why: str) -> Choice:
    provider: Provider[Any] = self._registry.provider(step, name)
    settings = choosing.settings_of(provider, self._options)
    return Choice(provider=provider, settings=settings, why=why)


def _default_url(provider: StoreProvider[Any], options: Options) -> str:
  url = provider.default_url(options.core.value)
  if url is None:
    raise NoStore(
      f"no store is set, and {provider.name}:// has no default here",
      remedy="set KERAS_REMOTE_PROJECT, or"
      f" KERAS_REMOTE_STORE={provider.name}://…",
    )
  return url
