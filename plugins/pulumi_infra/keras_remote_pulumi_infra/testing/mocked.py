"""Runs Pulumi programs against Pulumi's own mocks, apart from everything else.

Each run has a thread, a context and event loops of its own, so that programs
can follow each other in one process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from attrs import frozen
from google.protobuf.json_format import MessageToDict
from pulumi import Output
from pulumi.runtime import get_root_resource
from pulumi.runtime.mocks import (
  MockCallArgs,
  MockMonitor,
  MockResourceArgs,
  Mocks,
  set_mocks,
)
from pulumi.runtime.stack import Stack, run_pulumi_func


@frozen(kw_only=True)
class Resource:
  """A resource that a program asked for.

  Args:
    type: such as ``gcp:container/cluster:Cluster``.
    inputs: as the provider gets them, in camel case.
    dependencies: the names of the resources that come before it.
  """

  type: str
  name: str
  inputs: Mapping[str, Any]
  dependencies: frozenset[str]
  protected: bool
  ignored: tuple[str, ...]


@frozen(kw_only=True)
class Run:
  """What came of a program."""

  resources: Mapping[str, Resource]
  exports: Mapping[str, Any]

  def of(self, kind: str) -> list[Resource]:
    """Those of a type, such as ``NodePool``."""
    return [
      each
      for each in self.resources.values()
      if each.type.rpartition(":")[2] == kind
    ]


def run(program: Callable[[], None], answers: Mapping[str, Any]) -> Run:
  """Runs a program to its end.

  Args:
    answers: what each function of the provider returns, by the last part of
      its name.
  """
  with ThreadPoolExecutor(1) as apart:
    return apart.submit(_run, program, answers).result()


def _run(program: Callable[[], None], answers: Mapping[str, Any]) -> Run:
  # Pulumi's mocks make a loop in every thread that serves them, and close none.
  serving = asyncio.new_event_loop()
  server = ThreadPoolExecutor(
    1, initializer=asyncio.set_event_loop, initargs=(serving,)
  )
  monitor = _Monitor(_Answers(answers))
  try:
    with server:
      exports = asyncio.run(_in_stack(program, monitor, server))
  finally:
    serving.close()
  return Run(resources=monitor.asked, exports=exports)


async def _in_stack(
  program: Callable[[], None], monitor: _Monitor, server: ThreadPoolExecutor
) -> Mapping[str, Any]:
  asyncio.get_running_loop().set_default_executor(server)
  set_mocks(monitor.mocks, project="keras-remote", monitor=monitor)
  return await _exports(program)


async def _exports(program: Callable[[], None]) -> Mapping[str, Any]:
  found: list[Output[Any]] = []

  def run() -> None:
    program()
    stack = get_root_resource()
    assert isinstance(stack, Stack)
    found.append(Output.all(**stack.outputs))

  await run_pulumi_func(run)
  return await found[0].future() or {}


@frozen
class _Answers(Mocks):
  answers: Mapping[str, Any]

  def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[Any]]:
    return self.answers[args.token.rpartition(":")[2]], []

  def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
    return f"{args.name}-id", {**args.inputs, **_computed(args)}


def _computed(args: MockResourceArgs) -> dict[str, Any]:
  if args.typ != "gcp:serviceaccount/account:Account":
    return {}
  project, account = args.inputs["project"], args.inputs["accountId"]
  return {"email": f"{account}@{project}.iam.gserviceaccount.com"}


class _Monitor(MockMonitor):
  """Keeps what the mocks are not told."""

  def __init__(self, mocks: Mocks) -> None:
    super().__init__(mocks)
    self.asked: dict[str, Resource] = {}

  def RegisterResource(self, request: Any) -> Any:  # noqa: N802
    if request.custom:
      self.asked[request.name] = Resource(
        type=request.type,
        name=request.name,
        inputs=_whole(MessageToDict(request.object)),
        dependencies=frozenset(
          urn.rpartition("::")[2] for urn in request.dependencies
        ),
        protected=request.protect,
        ignored=tuple(request.ignoreChanges),
      )
    registered: Any = super()
    return registered.RegisterResource(request)


def _whole(value: Any) -> Any:
  """The value, where numbers that are whole do not end in ``.0``."""
  if isinstance(value, dict):
    return {key: _whole(each) for key, each in value.items()}
  if isinstance(value, list):
    return [_whole(each) for each in value]
  whole = isinstance(value, float) and value.is_integer()
  return int(value) if whole else value
