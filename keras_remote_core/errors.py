"""Every error a user can meet: what happened, with which names, and what helps.

One class per thing a user can do differently. ``remedy`` is a command or an
edit; ``exit_code`` is what the command line exits with (1 the job failed,
2 usage, 3 environment).
"""

from __future__ import annotations


class KerasRemoteError(Exception):
  """The base of every error this project raises on purpose."""

  exit_code = 3

  def __init__(self, message: str, *, remedy: str | None = None) -> None:
    super().__init__(message)
    self.message = message
    self.remedy = remedy

  def __str__(self) -> str:
    if self.remedy is None:
      return self.message
    return f"{self.message}\n  fix: {self.remedy}"

  def __reduce__(self) -> tuple[object, ...]:
    # Exceptions pickle by re-calling the class with ``args``, which would
    # lose keyword-only values.
    return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(
  cls: type[KerasRemoteError],
  args: tuple[object, ...],
  state: dict[str, object],
) -> KerasRemoteError:
  error = cls.__new__(cls, *args)
  error.__dict__.update(state)
  return error


# What the caller wrote is not possible.


class UsageError(KerasRemoteError):
  """Something the caller wrote cannot be done as written."""

  exit_code = 2


class UnknownAccelerator(UsageError, ValueError):
  """No accelerator has this name; the message lists the nearest right ones."""


class UnknownParameter(UsageError, TypeError):
  """``@run`` has no such parameter, or its plugin is not installed."""


class UnsupportedFunction(UsageError, TypeError):
  """This object cannot be decorated; the remedy shows the order that works."""


class WrongArguments(UsageError, TypeError):
  """The function does not take these arguments."""


class InvalidSetting(UsageError, ValueError):
  """A setting's value has the wrong form; the message says where it is set."""


class InvalidRequirement(UsageError, ValueError):
  """A requirement line that no installer would accept, with file and line."""


class UnknownJob(UsageError, LookupError):
  """No job of this id in any of the places the message names."""


# What is installed, configured or reachable here does not suffice.


class PluginError(KerasRemoteError):
  """An installed plugin cannot be used; the message carries its name."""


class UnknownProvider(UsageError, LookupError):
  """No installed plugin provides this backend, store, packager or builder."""


class NoBackend(KerasRemoteError):
  """No installed and configured backend takes this accelerator."""


class AmbiguousBackend(UsageError):
  """Two backends fit equally well; the remedy names one explicitly."""


class MissingCredentials(KerasRemoteError):
  """Credentials are absent, expired or for another project."""


class StoreError(KerasRemoteError):
  """The artifact store cannot be reached, read or written."""


class NoStore(StoreError):
  """No store is set, and nothing else says which it would be."""


class MachineError(KerasRemoteError):
  """A machine that jobs run on does not answer, or refuses."""


class UnsupportedByBackend(UsageError):
  """The backend does not claim a capability that the call needs."""


# The code cannot travel.


class PackagingError(UsageError):
  """The function, an argument or the source tree cannot be shipped."""


class NotPicklable(PackagingError):
  """A value does not pickle; the message names it down to the variable."""


class MissingModules(PackagingError):
  """The job would import modules that nothing brings along."""


class PythonMismatch(PackagingError):
  """Code travels by value to another minor version of Python."""


# The job ran, or was meant to.


class JobError(KerasRemoteError):
  """A job did not return a value."""

  exit_code = 1


class JobFailed(JobError):
  """The job ended without returning or raising: ``reason`` says of what.

  Attributes:
    reason: one word, such as ``Killed``, ``Timeout`` or ``OOMKilled``.
    lines: the last lines the job printed, oldest first.
  """

  def __init__(
    self,
    message: str,
    *,
    reason: str,
    lines: tuple[str, ...] = (),
    remedy: str | None = None,
  ) -> None:
    super().__init__(message, remedy=remedy)
    self.reason = reason
    self.lines = lines

  def __str__(self) -> str:
    tail = "".join(f"\n  | {line}" for line in self.lines)
    return super().__str__() + (f"\n  last output:{tail}" if tail else "")


class JobCancelled(JobFailed):
  """Somebody cancelled the job."""


class JobTimeout(JobFailed, TimeoutError):
  """The function ran past ``timeout``, or waited past ``pending_timeout``."""


class JobLost(JobFailed):
  """The job is gone and left no outcome."""


class StillRunning(JobError, TimeoutError):
  """``result(timeout=)`` ran out first; the job goes on."""


class RemoteError(JobError):
  """The function raised something that cannot be raised here as it was.

  Attributes:
    type_name: the exception's qualified name in the job.
    traceback: the job's own traceback, as text.
  """

  def __init__(
    self,
    message: str,
    *,
    type_name: str,
    traceback: str,
    remedy: str | None = None,
  ) -> None:
    super().__init__(message, remedy=remedy)
    self.type_name = type_name
    self.traceback = traceback


class ResultUnavailable(JobError):
  """The function returned, but its value cannot be had here.

  Attributes:
    path: the verified result file that was kept, or None.
  """

  def __init__(
    self, message: str, *, path: str | None = None, remedy: str | None = None
  ) -> None:
    super().__init__(message, remedy=remedy)
    self.path = path


class Tampered(JobError):
  """An artifact is not what was signed; nothing of it was unpickled."""


class UntrustedStore(JobError):
  """The job's key cannot be read, so its artifacts cannot be verified."""
