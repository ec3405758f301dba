"""What to do about a value that cannot travel."""

from __future__ import annotations

import io
import socket
import types
from typing import Any

_INSIDE = "create it inside the function"


def advice_for(value: Any) -> str:
  """The edit that helps with a value of this type."""
  for kinds, advice in _BY_TYPE:
    if isinstance(value, kinds):
      return advice
  kind = type(value)
  if "lock" in kind.__name__.lower() or kind.__module__ == "_thread":
    return (
      f"{_INSIDE}; a class that needs a lock can drop it in __getstate__ and"
      " make a new one in __setstate__"
    )
  if "connection" in kind.__name__.lower() or kind.__name__ == "Cursor":
    return "pass what is needed to connect, and connect inside the function"
  return (
    f"{_INSIDE} from plain values, or define __reduce__ or __getstate__ on"
    f" {kind.__qualname__}"
  )


_BY_TYPE: tuple[tuple[tuple[type, ...], str], ...] = (
  (
    (io.IOBase,),
    "pass the path, and open the file inside the function; files of the"
    " source tree ship with it",
  ),
  (
    (socket.socket,),
    "pass the address, and connect inside the function",
  ),
  (
    (types.GeneratorType, types.AsyncGeneratorType),
    "pass list(...) of it, or the function that makes it",
  ),
  (
    (types.CoroutineType,),
    "pass the async function and its arguments, and await it inside",
  ),
  (
    (types.FrameType, types.TracebackType),
    "pass the text, for example traceback.format_exc()",
  ),
  (
    (memoryview,),
    "pass bytes(...) of it",
  ),
)
