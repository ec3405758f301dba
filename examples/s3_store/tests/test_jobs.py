"""Jobs whose code and results go through s3://, wherever they run.

Nothing but this plugin knows of S3: neither the core, nor the runner, nor an
image.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import keras_remote
from keras_remote_core import registry
from keras_remote_core.errors import JobFailed
from keras_remote_core.testing import detached

URL = "s3://emulated-bucket/folder"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.fixture
def project(
  s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
  """An empty project that keeps its artifacts in the bucket."""
  folder = tmp_path / "project"
  folder.mkdir()
  (folder / "pyproject.toml").touch()
  monkeypatch.chdir(folder)
  monkeypatch.setenv("KERAS_REMOTE_STORE", URL)
  monkeypatch.setenv("KERAS_REMOTE_SECRETS", ",".join(s3.environ))
  monkeypatch.setenv(registry.DISABLED, "cloudbuild")
  registry.installed.cache_clear()
  yield folder
  registry.installed.cache_clear()


@pytest.fixture
def local(project: Path) -> str:
  return "local"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
  """An emulated cluster, whose pods have none of this machine's variables."""
  from keras_remote_gke.testing import Cluster, Node

  folder = tmp_path_factory.mktemp("cluster")
  with Cluster(folder, (Node(),), scale=0.01) as made:
    yield made


@pytest.fixture
def gke(project: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch) -> str:
  for name, value in cluster.environ.items():
    monkeypatch.setenv(name, value)
  return "gke"


@pytest.fixture(params=["local", "gke"])
def backend(request: pytest.FixtureRequest) -> str:
  """Each backend that has the bucket as its store."""
  name: str = request.getfixturevalue(request.param)
  return name


@pytest.fixture
def remote_function(backend: str) -> Callable[..., Any]:
  """Decorates a function as if it was typed at a prompt."""
  return lambda function: keras_remote.run(backend=backend)(detached(function))


def worked(numbers):
  """Prints, keeps a file, and returns what it was given, doubled."""
  print("working")
  output = Path(os.environ["KERAS_REMOTE_OUTPUT_DIR"])
  (output / "notes.txt").write_text("kept")
  return [2 * each for each in numbers]


def test_a_jobs_value_logs_and_outputs_come_by_the_bucket(
  remote_function, client
):
  job = remote_function(worked).submit([1, 2, 3])
  assert job.result(timeout=60) == [2, 4, 6]
  assert "working" in [line.text for line in job.logs()]
  assert client.read(f"outputs/{job.id}/notes.txt") == b"kept"


def test_a_job_is_found_again_by_the_buckets_url(remote_function):
  job = remote_function(worked).submit([4])
  again = keras_remote.attach(f"{URL}/jobs/{job.id}")
  assert again.result(timeout=60) == [8]


def test_no_secret_is_in_the_bucket(remote_function, client):
  job = remote_function(worked).submit([1])
  job.result(timeout=60)
  for key, _, _ in client.list(""):
    assert SECRET.encode() not in client.read(key)


def test_a_job_without_keys_says_which_variables_it_needs(
  remote_function, monkeypatch
):
  monkeypatch.delenv("KERAS_REMOTE_SECRETS")
  job = remote_function(worked).submit([1])
  with pytest.raises(JobFailed, match="KERAS_REMOTE_SECRETS") as caught:
    job.result(timeout=60)
  assert "AWS_ACCESS_KEY_ID" in str(caught.value)
