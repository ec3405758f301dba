"""What it means for infrastructure that a cluster does not do as it is told."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from keras_remote_gke.errors import ClusterError, ClusterUnreachable
from keras_remote_pulumi_infra.errors import InfraError

_ON = "keras-remote up, which goes on from here"


@contextlib.contextmanager
def said(what: str) -> Iterator[None]:
  """Says a cluster's refusal in the block as one of infrastructure.

  Args:
    what: what is worked on, such as ``lws``.
  """
  try:
    yield
  except ClusterUnreachable as error:
    raise InfraError(f"{what}: {error.message}", remedy=_ON) from error
  except ClusterError as error:
    raise InfraError(
      f"{what}: {error.message}", remedy=_remedy(error)
    ) from error


def _remedy(error: ClusterError) -> str | None:
  if error.status == 403:
    return f"have roles/container.admin granted to this account, then: {_ON}"
  return error.remedy or _ON
