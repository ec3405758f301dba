"""Deletes many objects with few requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
  from google.cloud.storage import Bucket, Client

# What Cloud Storage takes in one batch.
_MOST = 100


def delete(
  client: Client,
  bucket: Bucket,
  names: Iterable[str],
  options: dict[str, Any],
) -> None:
  """Deletes objects; those that are gone already are no failure."""
  waiting = iter(names)
  while batch := list(islice(waiting, _MOST)):
    left = _Left(client, bucket, batch)
    options["retry"](left.delete)(timeout=options["timeout"])


class _Left:
  """The objects of one batch that are not deleted yet."""

  def __init__(self, client: Client, bucket: Bucket, names: list[str]) -> None:
    self._client, self._bucket, self._names = client, bucket, names

  def delete(self, timeout: float) -> None:
    """Tries once; raises the first failure, and forgets what is deleted."""
    from google.api_core import exceptions

    answers = self._answers(timeout)
    failed = [
      (name, answer)
      for name, answer in zip(self._names, answers, strict=True)
      if answer.status_code != 404 and answer.status_code >= 400
    ]
    self._names = [name for name, _ in failed]
    for _, answer in failed:
      raise exceptions.from_http_response(answer)  # type: ignore[no-untyped-call]

  def _answers(self, timeout: float) -> Iterator[Any]:
    batch = _batch(self._client)
    with batch:
      for name in self._names:
        self._bucket.delete_blob(name, timeout=timeout, retry=None)
    return iter(batch.answers)


def _batch(client: Client) -> Any:
  """A batch that keeps its answers, and makes no error of any."""
  from google.cloud.storage.batch import Batch

  class Answered(Batch):  # type: ignore[misc]
    def finish(self, raise_exception: bool = True) -> Any:
      del raise_exception
      self.answers = super().finish(raise_exception=False)
      return self.answers

  return Answered(client)
