"""Runs a program that another process holds, by the language's own protocol."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import (
  engine_pb2_grpc,
  language_pb2,
  language_pb2_grpc,
  resource_pb2_grpc,
)

from keras_remote_pulumi_infra.testing.pulumi_cli.engine import Engine
from keras_remote_pulumi_infra.testing.pulumi_cli.monitor import (
  EngineService,
  Monitor,
)

_THREADS = 64
_POLL = 0.01


def run(engine: Engine, client: str) -> None:
  """Has the language's host at the address run the program.

  What goes wrong is noted in the engine.
  """
  with _served(engine) as address, grpc.insecure_channel(client) as channel:
    stub = language_pb2_grpc.LanguageRuntimeStub(channel)
    # In a thread of its own: this one has to hear signals.
    going = stub.Run.future(_request(engine, address), wait_for_ready=True)
    while not going.done():
      time.sleep(_POLL)
  try:
    error = going.result().error
  except grpc.RpcError:
    error = "the program's process went away"
  if error:
    engine.fail(error)


@contextlib.contextmanager
def _served(engine: Engine) -> Iterator[str]:
  """The address at which programs find the engine."""
  server = grpc.server(ThreadPoolExecutor(_THREADS))
  resource_pb2_grpc.add_ResourceMonitorServicer_to_server(
    Monitor(engine), server
  )
  engine_pb2_grpc.add_EngineServicer_to_server(EngineService(engine), server)
  port = server.add_insecure_port("127.0.0.1:0")
  server.start()
  yield f"127.0.0.1:{port}"
  server.stop(0)


def _request(engine: Engine, address: str) -> language_pb2.RunRequest:
  return language_pb2.RunRequest(
    project=engine.project,
    stack=engine.stack,
    dryRun=engine.planning,
    parallel=4,
    monitor_address=address,
    args=[address],
    organization="organization",
  )
