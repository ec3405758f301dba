"""What travels: pickles, source, and how it is laid out again."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen


@frozen(kw_only=True)
class Blob:
  """A content-addressed file that is ready to upload."""

  path: Path
  sha256: str
  size: int

  @property
  def key(self) -> str:
    return f"blobs/{self.sha256}"


@frozen(kw_only=True)
class Layout:
  """How the source tree is laid out again in the job.

  Args:
    sys_path: POSIX paths relative to the source root, in import order.
    cwd: the working directory, relative to the source root.
  """

  sys_path: tuple[str, ...] = (".",)
  cwd: str = "."


@frozen(kw_only=True)
class Bundle:
  """What the packager made of a call.

  Args:
    function: the pickled function.
    inputs: one pickled ``(args, kwargs)`` per task.
    source: the source archive, or None where no source root was found.
    root: the source root on this machine, or None.
    requirements: normalised requirement lines the job needs, sorted.
    python: the minor version the payload was made by, such as ``"3.12"``.
    by_value: whether code travels inside the payload, which ties it to
      ``python``.
  """

  function: Blob
  inputs: tuple[Blob, ...]
  source: Blob | None
  root: Path | None
  layout: Layout
  requirements: tuple[str, ...]
  python: str
  by_value: bool

  @property
  def blobs(self) -> tuple[Blob, ...]:
    source = (self.source,) if self.source else ()
    return (self.function, *self.inputs, *source)
