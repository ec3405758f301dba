"""The engine's side of a program's gRPC: resources in, states out."""

# The methods have the names that gRPC gives them.
# ruff: noqa: N802

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import (
  engine_pb2,
  engine_pb2_grpc,
  provider_pb2,
  resource_pb2,
  resource_pb2_grpc,
)

from keras_remote_pulumi_infra.testing.pulumi_cli import computed, steps
from keras_remote_pulumi_infra.testing.pulumi_cli.engine import (
  Engine,
  Stopped,
)

_FEATURES = ("secrets", "resourceReferences", "aliasSpecs", "deletedWith")
_SHUT = "resource monitor shut down while waiting on step's done channel"


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
  """Answers what programs ask while they run."""

  def __init__(self, engine: Engine) -> None:
    self._engine = engine

  def SupportsFeature(self, request: Any, context: Any) -> Any:
    has = request.id in _FEATURES
    return resource_pb2.SupportsFeatureResponse(hasSupport=has)

  def RegisterResource(self, request: Any, context: Any) -> Any:
    try:
      done = self._engine.register(self._described(request))
    except Stopped:
      context.abort(grpc.StatusCode.UNAVAILABLE, _SHUT)
    return resource_pb2.RegisterResourceResponse(
      urn=done["urn"], id=done["id"], object=_struct(done["outputs"])
    )

  def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
    outputs = json_format.MessageToDict(request.outputs)
    self._engine.seen[request.urn]["outputs"] = outputs
    return empty_pb2.Empty()

  def ReadResource(self, request: Any, context: Any) -> Any:
    urn = self._urn(request)
    return resource_pb2.ReadResourceResponse(
      urn=urn, properties=request.properties
    )

  def Invoke(self, request: Any, context: Any) -> Any:
    arguments = json_format.MessageToDict(request.args)
    answer = _struct(computed.answer(request.tok, arguments))
    # "return" is no name in Python.
    return provider_pb2.InvokeResponse(**{"return": answer})

  def RegisterPackage(self, request: Any, context: Any) -> Any:
    return resource_pb2.RegisterPackageResponse(ref=str(uuid.uuid4()))

  def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:
    return empty_pb2.Empty()

  def _described(self, request: Any) -> steps.Resource:
    return {
      "urn": self._urn(request),
      "type": request.type,
      "name": request.name,
      "custom": request.custom,
      "id": "",
      "inputs": json_format.MessageToDict(request.object),
      "outputs": {},
      "parent": request.parent,
      "dependencies": sorted(_depends(request)),
      "protect": request.protect,
      "retainOnDelete": request.retainOnDelete,
    }

  def _urn(self, request: Any) -> str:
    return steps.urn(
      self._engine.stack,
      self._engine.project,
      request.parent,
      request.type,
      request.name,
    )


class EngineService(engine_pb2_grpc.EngineServicer):
  """Takes what programs log."""

  def __init__(self, engine: Engine) -> None:
    self._engine = engine

  def Log(self, request: Any, context: Any) -> Any:
    if request.severity >= engine_pb2.ERROR:
      self._engine.fail(request.message)
    return empty_pb2.Empty()

  def GetRootResource(self, request: Any, context: Any) -> Any:
    return engine_pb2.GetRootResourceResponse(urn="")

  def SetRootResource(self, request: Any, context: Any) -> Any:
    return engine_pb2.SetRootResourceResponse()


def _struct(value: dict[str, Any]) -> struct_pb2.Struct:
  made = struct_pb2.Struct()
  json_format.ParseDict(value, made)
  return made


def _depends(request: Any) -> Iterable[str]:
  named = request.propertyDependencies.values()
  return {*request.dependencies, *(urn for each in named for urn in each.urns)}
