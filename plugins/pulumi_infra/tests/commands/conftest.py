"""A project of Google's on this machine, in which nothing is made yet."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import define, field
from click.testing import CliRunner, Result

from keras_remote_core import profiles_file, registry
from keras_remote_core.cli.main import root
from keras_remote_gcp.testing.server import Server
from keras_remote_gke.testing import Cluster, Node
from keras_remote_pulumi_infra.inside import values
from keras_remote_pulumi_infra.testing import PulumiStandIn
from keras_remote_pulumi_infra.testing.billing import Billing
from keras_remote_pulumi_infra.testing.google import Hidden, Repositories

Cli = Callable[..., Result]
UP = ("up", "--yes", "--controllers", "")


@define(eq=False)
class Cloud:
  """The emulated project, and the Pulumi that works on it.

  Args:
    there: whether the cluster is there though no stack made it.
    more: what its description has besides.
  """

  cluster: Cluster
  pulumi: PulumiStandIn
  repositories: Repositories
  billing: Billing
  there: bool = False
  more: dict[str, object] = field(factory=dict)
  state: str = "gs://emulated-project-keras-remote-state"

  @property
  def stack(self) -> str:
    return f"{self.cluster.project}.{self.cluster.name}"

  def names(self) -> list[str]:
    """What the stack holds, by the program's names."""
    if self.stack not in self.pulumi.stacks(self.state):
      return []
    held = self.pulumi.resources(self.state, self.stack)
    return [each["name"] for each in held]


@pytest.fixture
def closed_loops(
  monkeypatch: pytest.MonkeyPatch, until: Callable[[Callable[[], bool]], bool]
) -> Iterator[None]:
  """Closes the loops that Pulumi leaves open where a program fails."""
  made: list[asyncio.AbstractEventLoop] = []
  make = asyncio.new_event_loop

  def kept() -> asyncio.AbstractEventLoop:
    made.append(make())
    return made[-1]

  monkeypatch.setattr(asyncio, "new_event_loop", kept)
  yield
  until(lambda: not any(each.is_running() for each in made))
  for each in made:
    each.close()


@pytest.fixture
def cloud(
  closed_loops: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cloud]:
  pulumi, known = PulumiStandIn(tmp_path / "pulumi"), Repositories()
  nodes, billing = [Node.cpu()], Billing()
  with contextlib.ExitStack() as running:
    cluster = running.enter_context(Cluster(tmp_path / "cluster", nodes))
    made = Cloud(cluster, pulumi, known, billing)
    hidden = Hidden(
      cluster.container_api.url,
      lambda: made.there or "cluster" in made.names(),
      made.more,
    )
    container = running.enter_context(Server(hidden.answer))
    running.enter_context(billing.server)
    artifacts = running.enter_context(Server(known.answer))
    environ = {
      **cluster.environ,
      **pulumi.environ,
      "CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER": container.url,
      "CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY": artifacts.url,
    }
    for name, value in {**environ, **billing.environ}.items():
      monkeypatch.setenv(name, value)
    yield made


@pytest.fixture(scope="session")
def kept() -> dict[str, str]:
  """A stack that was made once, for all tests that begin with one."""
  return {}


@pytest.fixture
def made(cloud: Cloud, cli: Cli, kept: dict[str, str]) -> Cloud:
  """The cloud after one ``up``."""
  if not kept:
    cli(*UP)
    kept["stack"] = cloud.pulumi.read(cloud.state, cloud.stack)
    profiles_file.path().unlink()
    return cloud
  about = {"name": "keras-remote", "namespace": "default"}
  labels = values.labels(values.JOBS)
  account = {"metadata": {**about, "labels": labels}}
  cloud.cluster.create("serviceaccounts", account)
  cloud.cluster.storage.create_bucket(cloud.state.removeprefix("gs://"))
  cloud.pulumi.write(cloud.state, cloud.stack, kept["stack"])
  return cloud


@pytest.fixture
def cli() -> Iterator[Cli]:
  """Runs a command line; the exit code is checked where one is expected."""
  registry.installed.cache_clear()

  def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(
      root, arguments, prog_name="keras-remote", catch_exceptions=False
    )
    assert result.exit_code == code, result.output
    return result

  yield run
  registry.installed.cache_clear()
