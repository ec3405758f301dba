"""The Dockerfile of an image, the same text for the same inputs; pure.

Layers go from what seldom changes to what often does. uv comes from a stage
that leaves nothing behind, and the files that say what to install are mounted,
so that they are not in the image either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

FRAMEWORKS = "frameworks.txt"
PACKAGES = "packages.txt"
_UV = "/usr/local/bin/uv"


@frozen(kw_only=True)
class Layers:
  """What a Dockerfile is made of.

  Args:
    base: the reference of the image that it starts from.
    uv: the version of uv.
    apt: Debian packages.
    index: the URL of a package index, or None.
    files: of FRAMEWORKS and PACKAGES those that name anything.
  """

  base: str
  uv: str
  apt: tuple[str, ...] = ()
  index: str | None = None
  files: tuple[str, ...] = (FRAMEWORKS, PACKAGES)


def dockerfile(layers: Layers) -> str:
  """The text."""
  blocks = [
    f"FROM {layers.base} AS base",
    "FROM base AS tools\n"
    f"RUN {_index('PIP_INDEX_URL', layers.index)}"
    f"pip install --no-cache-dir uv=={layers.uv}",
    "FROM base",
    *_system(layers.apt),
    *(_install(each, layers.index) for each in layers.files),
    "ENV PYTHONUNBUFFERED=1\nUSER 1000:1000\nWORKDIR /home/user",
  ]
  return "\n\n".join(blocks) + "\n"


def _system(apt: Iterable[str]) -> Iterator[str]:
  names = sorted(set(apt))
  if names:
    listed = " \\\n      ".join(names)
    yield (
      "# hadolint ignore=DL3008\n"
      "RUN apt-get update \\\n"
      " && apt-get install --yes --no-install-recommends \\\n"
      f"      {listed} \\\n"
      " && rm -rf /var/lib/apt/lists/*"
    )
  yield (
    "RUN groupadd --gid 1000 user \\\n"
    " && useradd --uid 1000 --gid 1000 --create-home user"
  )


def _install(file: str, index: str | None) -> str:
  """Compiles what it installs: the job's user could not keep it."""
  return (
    f"RUN --mount=type=bind,from=tools,source={_UV},target={_UV} \\\n"
    f"    --mount=type=bind,source={file},target=/tmp/{file} \\\n"
    f"    {_index('UV_DEFAULT_INDEX', index)}"
    "uv pip install --system --no-cache --no-deps --compile-bytecode \\\n"
    f"      --requirements /tmp/{file}"
  )


def _index(variable: str, index: str | None) -> str:
  return f'{variable}="{index}" \\\n    ' if index else ""
