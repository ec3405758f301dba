"""What can go wrong with an image, one class per way out."""

from __future__ import annotations

from keras_remote_core.errors import KerasRemoteError, UsageError


class Unresolvable(UsageError):
  """No versions of the requirements go together, or one is unknown."""


class ImageError(KerasRemoteError):
  """An image cannot be looked up, built or removed."""


class NotAllowed(ImageError):
  """Google refuses what was asked; the remedy grants or enables it."""


class BuildFailed(ImageError):
  """A build ended without an image.

  Attributes:
    lines: the last lines of the step that failed, oldest first.
    url: the build's page in the console.
  """

  def __init__(
    self,
    message: str,
    *,
    lines: tuple[str, ...] = (),
    url: str = "",
    remedy: str | None = None,
  ) -> None:
    super().__init__(message, remedy=remedy)
    self.lines = lines
    self.url = url

  def __str__(self) -> str:
    tail = "".join(f"\n  | {line}" for line in self.lines)
    output = f"\n  last output:{tail}" if tail else ""
    link = f"\n  log: {self.url}" if self.url else ""
    return f"{super().__str__()}{output}{link}"
