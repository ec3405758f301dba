"""What it means that Pulumi failed, with which thing, and what helps."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence

from keras_remote_pulumi_infra import remedies
from keras_remote_pulumi_infra.errors import (
  InfraError,
  Interrupted,
  StackLocked,
)
from keras_remote_pulumi_infra.events import Diagnostic
from keras_remote_pulumi_infra.progress import called
from keras_remote_pulumi_infra.watching import Watch

_GOOGLE = re.compile(r"googleapi: (Error \d+: .*?)(?=\s+Details:|$)", re.DOTALL)
_HOLDER = re.compile(r"created by (\S+) \(pid (\d+)\) at (\S+)")
_NOISE = re.compile(r"^(\S+\.go:\d+: )?(sdk\.\w+: )?(\d+ errors? occurred:)?")
_ABOUT_ALL = ("update failed", "preview failed", "update canceled")
_MOST_NAMES = 5


@contextlib.contextmanager
def said(stack: str, watch: Watch) -> Iterator[None]:
  """Says Pulumi's failures in this project's words.

  A stack that is not there stays Pulumi's own StackNotFoundError. What was
  interrupted is said to be, also where Pulumi had nothing left to do.
  """
  from pulumi.automation import (
    CommandError,
    ConcurrentUpdateError,
    StackNotFoundError,
  )

  try:
    yield
  except StackNotFoundError:
    raise
  except ConcurrentUpdateError as error:
    raise locked(stack, holder(str(error))) from error
  except CommandError as error:
    if watch.interrupted:
      raise interrupted() from error
    told = stderr(str(error))
    project = stack.partition(".")[0]
    raise explained(watch.diagnostics, told, project) from error
  if watch.interrupted:
    raise interrupted()


def locked(stack: str, who: str) -> StackLocked:
  """What it means that somebody holds the stack's lock."""
  return StackLocked(
    f"the stack {stack} is locked by {who}",
    remedy="wait until that is done; if it died half-way:"
    " keras-remote up --unlock",
  )


def interrupted() -> Interrupted:
  """What it means that the caller pressed Ctrl-C."""
  return Interrupted(
    "stopped; what is made so far is there, and is kept in mind",
    remedy="the same command goes on from here; keras-remote down removes it",
  )


def explained(
  diagnostics: Sequence[Diagnostic], told: str, project: str
) -> InfraError:
  """The error in what Pulumi told.

  Args:
    told: what it wrote to standard error.
  """
  named = [each for each in diagnostics if each.name]
  if named:
    first, text = named[0], words(named[0].message)
    others = sorted({each.name for each in named} - {first.name})
    message = f"the {called(first.kind, first.name)} failed: {text}"
    return _error(message + _besides(others), first.message, project)
  general = [each.message for each in diagnostics if _says(each.message)]
  text = words(general[0] if general else told)
  return _error(f"Pulumi failed: {text}", text, project)


def words(message: str) -> str:
  """The part of a provider's message that is for people, on one line."""
  found = _GOOGLE.search(message)
  said = message.partition("\nTraceback ")[0]
  text = found[1] if found else _NOISE.sub("", said.strip())
  line = " ".join(text.split())
  return line.removesuffix(", forbidden").strip(" *") or "it does not say why"


def stderr(text: str) -> str:
  """What a command wrote to standard error, of what an error quotes of it."""
  told = text.rpartition("\n stderr: ")[2]
  lines = [each.removeprefix("error: ") for each in told.splitlines()]
  return "\n".join(each for each in lines if each.strip())


def holder(text: str) -> str:
  """Who holds a lock, as Pulumi tells it."""
  found = _HOLDER.search(text)
  if found is None:
    return "somebody else"
  return f"{found[1]} since {found[3]} (process {found[2]})"


def _error(message: str, told: str, project: str) -> InfraError:
  remedy = remedies.remedy(told, project) or "keras-remote up goes on from here"
  return InfraError(message, remedy=remedy)


def _says(message: str) -> bool:
  return message.removeprefix("error: ").strip() not in _ABOUT_ALL


def _besides(names: Sequence[str]) -> str:
  if not names:
    return ""
  more = ", …" if len(names) > _MOST_NAMES else ""
  return f" (failed as well: {', '.join(names[:_MOST_NAMES])}{more})"
