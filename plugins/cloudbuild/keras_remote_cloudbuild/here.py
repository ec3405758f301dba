"""The image builder as it is configured here, for commands without a job."""

from __future__ import annotations

from attrs import evolve

from keras_remote_cloudbuild.builder import CloudBuild
from keras_remote_cloudbuild.errors import ImageError
from keras_remote_core import chosen, opening
from keras_remote_core.opening import Opener
from keras_remote_core.providers import StoreProvider
from keras_remote_core.roles import Authenticator


def project() -> str | None:
  """The project that is configured, if any."""
  found: str | None = opening.here().asked.core.value.project
  return found


def builder() -> CloudBuild:
  """The builder, with Google credentials and the usual store.

  Raises:
    ImageError: neither a store nor a project is configured.
    MissingCredentials: there are none.
  """
  opener = opening.here()
  bare = opening.context(_store_url(opener), opener.asked.core.value)
  authenticate: Authenticator = chosen.make(
    opener.choice("authenticator", "google"), bare
  )
  context = evolve(
    bare,
    credentials=authenticate(),
    store=opener.store(bare.store_url),
  )
  made: CloudBuild = chosen.make(
    opener.choice("image_builder", "cloudbuild"), context
  )
  return made


def _store_url(opener: Opener) -> str:
  core = opener.asked.core.value
  provider = opener.registry.provider("store", "gs")
  assert isinstance(provider, StoreProvider)
  url = core.store or provider.default_url(core)
  if url is None:
    raise ImageError(
      "images need a Google Cloud project, and none is configured",
      remedy="export KERAS_REMOTE_PROJECT=your-project",
    )
  return url
