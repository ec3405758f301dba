"""The core's image builders: an image named, a plain one, or none at all."""

from __future__ import annotations

import re
import sys
from typing import Any

from keras_remote_core.builtin.local.settings import LocalSettings
from keras_remote_core.errors import InvalidSetting
from keras_remote_core.model import (
  Contents,
  Image,
  ImageKey,
  ImageRequest,
  Install,
)
from keras_remote_core.roles import Context

_REFERENCE = re.compile(
  r"[a-z0-9]+(?:[._-][a-z0-9]+)*(?::\d+)?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
  r"(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)


class Given:
  """The image the user names; what it lacks is installed at the start."""

  def __init__(self, settings: Any, context: Context) -> None:
    del settings, context

  def key(self, request: ImageRequest) -> ImageKey:
    reference = request.image or ""
    if not _REFERENCE.fullmatch(reference):
      raise InvalidSetting(
        f"container_image={reference!r} is not an image reference",
        remedy='write "REGISTRY/NAME:TAG", or "prebuilt"',
      )
    return ImageKey(
      reference=reference,
      contents=Contents.UNKNOWN,
      inputs={"container_image": reference},
    )

  def build(self, request: ImageRequest) -> Image:
    key = self.key(request)
    return Image(reference=key.reference, install=Install.MISSING)


class Prebuilt:
  """A plain Python image; the requirements are installed at the start."""

  def __init__(self, settings: Any, context: Context) -> None:
    del settings, context

  def key(self, request: ImageRequest) -> ImageKey:
    reference = f"python:{request.python}-slim"
    return ImageKey(reference=reference, inputs={"python": request.python})

  def build(self, request: ImageRequest) -> Image:
    return Image(
      reference=self.key(request).reference,
      python=request.python,
      install=Install.MISSING,
    )


class Local:
  """No image: this machine's Python, or an environment made with uv."""

  def __init__(self, settings: LocalSettings, context: Context) -> None:
    del context
    self._isolated = settings.isolated

  def key(self, request: ImageRequest) -> ImageKey:
    if self._isolated:
      inputs = {"requirements": "\n".join(request.requirements)}
      return ImageKey(reference="an environment of its own", inputs=inputs)
    return ImageKey(reference=sys.executable, contents=Contents.CLIENT)

  def build(self, request: ImageRequest) -> Image:
    return Image(
      reference=None,
      python=request.python,
      install=Install.ALL if self._isolated else Install.NOTHING,
    )
