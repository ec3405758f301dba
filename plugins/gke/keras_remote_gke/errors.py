"""What a cluster answers when it does not do what it was asked."""

from __future__ import annotations

from keras_remote_core.errors import KerasRemoteError


class ClusterError(KerasRemoteError):
  """The cluster refused a request.

  Attributes:
    status: the HTTP status.
    reason: Kubernetes' own word, such as ``Forbidden`` or ``AlreadyExists``.
  """

  def __init__(
    self,
    message: str,
    *,
    status: int = 0,
    reason: str = "",
    remedy: str | None = None,
  ) -> None:
    super().__init__(message, remedy=remedy)
    self.status = status
    self.reason = reason


class ClusterUnreachable(ClusterError):
  """No answer from the cluster, however often it was asked."""


class NoCluster(ClusterError):
  """The project has no such cluster, or does not show it to this account."""


class InterruptedSubmission(ClusterError):
  """An object of this name exists that this submission did not make."""
