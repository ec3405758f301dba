"""The project and cluster that a command line means, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from keras_remote_core import (
  chosen,
  opening,
  options,
  registry,
  resolving,
)
from keras_remote_core.model import Place
from keras_remote_core.opening import Opener
from keras_remote_core.roles import Authenticator, Context
from keras_remote_gcp.credentials import GoogleCredentials
from keras_remote_gke import cluster
from keras_remote_gke.cluster import Connection
from keras_remote_gke.errors import NoCluster
from keras_remote_gke.settings import GkeSettings
from keras_remote_pulumi_infra import stack
from keras_remote_pulumi_infra.settings import SECTION, InfraSettings
from keras_remote_pulumi_infra.stack import Stack

_ABSENT = 404
# What the gke plugin says helps where the API was never enabled.
_ENABLE = "gcloud services enable"


@frozen(kw_only=True, eq=False)
class Here:
  """A place on Google Cloud, with credentials that are good there.

  Args:
    place: its project is never None.
    origins: where each of the core's settings was said.
    accelerator: the one that is set.
  """

  place: Place
  accelerator: str
  origins: Mapping[str, str]
  settings: InfraSettings
  gke: GkeSettings
  credentials: GoogleCredentials
  context: Context

  @property
  def project(self) -> str:
    return self.credentials.project or ""

  def stack(self) -> Stack | None:
    """The cluster's stack; None where there is none."""
    return stack.existing(self.place, self.settings, self.credentials)

  def connection(self) -> Connection | None:
    """The cluster; None where the project has none of this name.

    Raises:
      NoCluster: the project does not show it to this account.
    """
    try:
      return cluster.connect(self.place, self.gke, self.context)
    except NoCluster as error:
      if not self.unused(error):
        raise
      return None

  def unused(self, error: NoCluster) -> bool:
    """Whether the project has no such cluster, or no use of any yet."""
    return error.status == _ABSENT or _ENABLE in (error.remedy or "")


def here(given: Mapping[str, Any]) -> Here:
  """The place of a command's options, else of the settings.

  Args:
    given: ``project``, ``zone``, ``cluster`` and ``namespace``; None counts
      as not given.

  Raises:
    MissingCredentials: there are none, or no project is named.
  """
  known = registry.installed()
  arguments = {name: value for name, value in given.items() if value}
  opener = Opener(options.gather(arguments, known), known)
  core = opener.asked.core.value
  context = opening.context("", core)
  credentials = _credentials(opener, context)
  return Here(
    place=evolve(context.place, project=credentials.project),
    accelerator=core.accelerator,
    origins=opener.asked.core.origins,
    settings=resolving.resolve(
      InfraSettings, opener.asked.sources, SECTION
    ).value,
    gke=opener.choice("backend", "gke").settings,
    credentials=credentials,
    context=evolve(context, credentials=credentials),
  )


def _credentials(opener: Opener, context: Context) -> GoogleCredentials:
  google = opener.choice("authenticator", "google")
  authenticate: Authenticator = chosen.make(google, context)
  found = authenticate()
  assert isinstance(found, GoogleCredentials)
  return found
