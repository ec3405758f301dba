"""A gRPC server of plain methods, with faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from attrs import frozen

from keras_remote_cloudbuild.testing.faults import Faults, abort


@frozen
class Method:
  """One method of a service.

  Args:
    call: makes the answer of a request and the gRPC context.
    request: the message's class; plain protobuf, or one with ``pb()``.
    response: the answer's class.
  """

  call: Callable[[Any, Any], Any]
  request: Any
  response: Any


class Server:
  """Answers on a free port of this machine.

  Attributes:
    calls: the names of the methods that were called.
  """

  def __init__(
    self, services: Mapping[str, Mapping[str, Method]], faults: Faults
  ) -> None:
    import grpc  # type: ignore[import-untyped]

    self.calls: list[str] = []
    self._faults = faults
    self._pool = ThreadPoolExecutor(8)
    self._server = grpc.server(self._pool)
    self._server.add_generic_rpc_handlers(
      tuple(
        grpc.method_handlers_generic_handler(name, self._handlers(methods))
        for name, methods in services.items()
      )
    )
    self.port: int = self._server.add_insecure_port("127.0.0.1:0")

  def start(self) -> None:
    self._server.start()

  def stop(self) -> None:
    self._server.stop(None).wait()
    self._pool.shutdown()

  def _handlers(self, methods: Mapping[str, Method]) -> dict[str, Any]:
    return {name: self._handler(name, each) for name, each in methods.items()}

  def _handler(self, name: str, method: Method) -> Any:
    import grpc

    def answer(message: Any, context: Any) -> Any:
      self.calls.append(name)
      fault = self._faults.take(name)
      if fault and not fault.after:
        abort(context, fault.code, fault.message)
      response = method.call(_wrapped(method.request, message), context)
      if fault:
        abort(context, fault.code, fault.message)
      return _plain(response)

    return grpc.unary_unary_rpc_method_handler(
      answer,
      request_deserializer=_protobuf(method.request).FromString,
      response_serializer=_protobuf(method.response).SerializeToString,
    )


def _protobuf(kind: Any) -> Any:
  return kind.pb() if hasattr(kind, "pb") else kind


def _wrapped(kind: Any, message: Any) -> Any:
  return kind.wrap(message) if hasattr(kind, "wrap") else message


def _plain(message: Any) -> Any:
  kind = type(message)
  return kind.pb(message) if hasattr(kind, "pb") else message
