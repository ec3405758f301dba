"""``keras-remote dev cluster``."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from keras_remote_core import places

if TYPE_CHECKING:
  from keras_remote_gke.testing import Node


@click.command()
@click.option(
  "--folder",
  type=click.Path(file_okay=False, path_type=Path),
  help="Where pods have their files. [default: a temporary one]",
)
@click.option("--port", default=0, help="Of the API server. [default: any]")
@click.option(
  "--accelerators",
  metavar="NAMES",
  help="What there are nodes for: l4,v6e-8. [default: all the usual sizes]",
)
@click.option(
  "--env-file",
  type=click.Path(dir_okay=False, path_type=Path),
  help="Where to write the settings as well, once all is up.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def cluster(
  ctx: click.Context,
  folder: Path | None,
  port: int,
  accelerators: str | None,
  env_file: Path | None,
  command: tuple[str, ...],
) -> None:
  """Run a GKE cluster with its Google services on this machine.

  With a COMMAND, written after --, runs it on that cluster and ends with it;
  else prints the settings to export, and runs until it is interrupted. Pods are
  processes of this machine: no accelerator is real.
  """
  with contextlib.ExitStack() as stack:
    stack.enter_context(_stoppable())
    where = folder or stack.enter_context(_temporary())
    environ = stack.enter_context(_running(where, port, accelerators))
    if command:
      ctx.exit(_run(command, environ))
    exports = "".join(
      f"export {name}={shlex.quote(value)}\n" for name, value in environ.items()
    )
    if env_file:
      _publish(env_file, exports)
      stack.callback(env_file.unlink, missing_ok=True)
    click.echo(exports, nl=False)
    click.echo("The cluster is up; Ctrl-C stops it.", err=True)
    while True:
      signal.pause()


def _run(command: Sequence[str], environ: Mapping[str, str]) -> int:
  """The exit code of a command that has these settings."""
  try:
    env = {**os.environ, **environ}
    return subprocess.run(command, env=env, check=False).returncode
  except OSError as error:
    raise click.UsageError(f"{command[0]}: {error.strerror}") from error


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
  """Ends the block without a failure on SIGINT and SIGTERM."""

  def stop(*_: object) -> NoReturn:
    # What follows is the way out, which nothing should interrupt.
    for each in (signal.SIGINT, signal.SIGTERM):
      signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt

  for each in (signal.SIGINT, signal.SIGTERM):
    signal.signal(each, stop)
  with contextlib.suppress(KeyboardInterrupt):
    yield
  click.echo("The cluster is gone.", err=True)


@contextlib.contextmanager
def _temporary() -> Iterator[Path]:
  with tempfile.TemporaryDirectory(prefix="keras-remote-cluster-") as folder:
    yield Path(folder)


@contextlib.contextmanager
def _running(
  folder: Path, port: int, accelerators: str | None
) -> Iterator[Mapping[str, str]]:
  """A cluster, and what has keras-remote come to it."""
  from keras_remote_gke.testing import Cluster

  images = places.cache_dir() / "dev-cluster"
  with Cluster(
    folder,
    _nodes(accelerators),
    image_folder=images,
    port=port,
    lws="0.10.0",
    jobset=True,
  ) as made:
    # Nothing here builds images.
    yield {**made.environ, "KERAS_REMOTE_CONTAINER_IMAGE": "prebuilt"}


def _nodes(names: str | None) -> Sequence[Node]:
  from keras_remote_core import planning, registry
  from keras_remote_gke.testing import Node, pools

  known = registry.installed()
  if names is None:
    families = known.contributions("accelerator")
    return pools.usual(shape for each in families for shape in each.shapes())
  chosen = [
    planning.parse_accelerator(each.strip(), known).accelerator
    for each in names.split(",")
  ]
  return [Node.cpu(), *(node for each in chosen for node in pools.nodes(each))]


def _publish(path: Path, text: str) -> None:
  """Writes a file that is there only when it is complete."""
  path.parent.mkdir(parents=True, exist_ok=True)
  partial = path.with_name(f"{path.name}.partial")
  partial.write_text(text)
  os.replace(partial, path)
