"""What type checkers know of the public API; mypy runs it, nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_type

import keras_remote
from keras_remote import Job
from keras_remote_core import testing
from keras_remote_core.model import (
  Call,
  ImageRequest,
  JobStatus,
  LogLine,
  Plan,
  Submission,
)
from keras_remote_core.remote_function import RemoteFunction
from keras_remote_core.roles import ArtifactStore, Backend, Context
from keras_remote_core.testing import Capabilities, InstantBackend, MemoryStore


@keras_remote.run
def bare(x: int, *, scale: float = 1.0) -> float:
  return x * scale


@keras_remote.run(accelerator="v6e-8", env={"A": "1"}, timeout="1h")
def configured(name: str) -> list[str]:
  return [name]


@keras_remote.run(backend="gke", spot=True)
async def awaited() -> int:
  return 1


@keras_remote.run
async def awaited_too(x: str) -> str:
  return x


class Model:
  @keras_remote.run
  def fit(self, epochs: int) -> dict[str, float]:
    return {"loss": 1.0 / epochs}


def calls_keep_their_types() -> None:
  assert_type(bare(1, scale=2.0), float)
  assert_type(configured("a"), list[str])
  assert_type(Model().fit(3), dict[str, float])
  assert_type(bare.submit(1), Job[float])
  assert_type(Model().fit.submit(epochs=3), Job[dict[str, float]])
  assert_type(bare.submit(1).result(), float)
  assert_type(bare.submit(1).result(timeout=5), float)


def wrong_calls_are_errors() -> None:
  bare("one")  # type: ignore[arg-type]
  bare(1, 2.0)  # type: ignore[call-arg]
  bare.submit()  # type: ignore[call-arg]
  configured(names=["a"])  # type: ignore[call-arg]
  Model().fit("three")  # type: ignore[arg-type]
  keras_remote.run(accelerator=8)  # type: ignore[call-overload]


def functions_stay_functions() -> None:
  assert_type(bare.function(1), float)
  assert_type(bare.with_parameters(accelerator="l4")(1), float)
  remote: RemoteFunction[[str], list[str]] = configured
  assert_type(remote("a"), list[str])


def jobs_tell_what_they_are(job: Job[int]) -> None:
  assert_type(job.id, str)
  assert_type(job.status(), JobStatus)
  assert_type(job.why(), str)
  assert_type(job.logs(follow=True), Iterator[LogLine])
  assert_type(keras_remote.attach("a-job"), Job[Any])
  assert_type(keras_remote.jobs(), Iterator[Job[Any]])
  assert_type(keras_remote.in_job(), bool)


def fakes_play_their_roles(
  context: Context,
) -> tuple[ArtifactStore, Backend]:
  return MemoryStore(), InstantBackend(None, context)


def builders_make_real_values(call: Call, context: Context) -> None:
  planned = testing.plan(backend="instant", accelerator="cpu")
  assert_type(planned, Plan)
  assert_type(testing.submission(call, planned, context), Submission)
  assert_type(testing.image_request(kind="gpu"), ImageRequest)
  assert_type(Capabilities(jobs=False), Capabilities)
  Capabilities(unknown=False)  # type: ignore[call-arg]


def async_functions_are_awaited_in_the_job() -> None:
  assert_type(awaited(), int)
  assert_type(awaited_too("a"), str)
  assert_type(awaited.submit().result(), int)
