"""How an emulated build goes, and what comes of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from attrs import frozen


@frozen(kw_only=True)
class Course:
  """How one build goes.

  Args:
    status: how it ends, such as ``"SUCCESS"`` or ``"TIMEOUT"``.
    lines: what its last step prints.
    until: what it waits for before it ends.
  """

  status: str = "SUCCESS"
  lines: tuple[str, ...] = ("#1 building", "#2 pushing")
  until: threading.Event | None = None


@frozen(kw_only=True)
class Built:
  """An image that was pushed.

  Args:
    reference: by digest.
    tag: the reference by tag.
    files: what the build was given, by name.
  """

  reference: str
  tag: str
  files: Mapping[str, bytes]
