"""One cluster's stack: what Pulumi made for it, and how it changes that."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from keras_remote_core import choosing, opening
from keras_remote_core.errors import StoreError
from keras_remote_core.model import Place
from keras_remote_gcp import finding
from keras_remote_gcp.credentials import GoogleCredentials
from keras_remote_pulumi_infra import (
  events,
  failures,
  interrupting,
  pulumi_cli,
  state,
)
from keras_remote_pulumi_infra.progress import Line
from keras_remote_pulumi_infra.settings import InfraSettings
from keras_remote_pulumi_infra.state import State
from keras_remote_pulumi_infra.watching import Listener, Watch

if TYPE_CHECKING:
  import pulumi.automation

  from keras_remote_pulumi_infra.command import Command

PROJECT = "keras-remote"
"""Of all stacks, as Pulumi counts projects."""
Program = Callable[[], None]
_PASSPHRASES = {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"}


@frozen(kw_only=True, eq=False)
class Stack:
  """A stack that exists."""

  name: str
  state: State
  _made: pulumi.automation.Stack = field(repr=False)
  _command: Command = field(repr=False)

  def outputs(self) -> Mapping[str, Any]:
    """What the last change left to know; empty before the first one."""
    with failures.said(self.name, Watch()):
      return {name: each.value for name, each in self._made.outputs().items()}

  def locked(self) -> str | None:
    """Who changes it at this time, or went away while at it."""
    try:
      return ", ".join(self.state.holders(PROJECT, self.name)) or None
    except StoreError as error:
      raise state.unreadable(error) from error

  def unlock(self) -> None:
    """Takes everybody's locks away."""
    with failures.said(self.name, Watch()):
      self._made.cancel()

  def preview(self, program: Program) -> Sequence[Line]:
    """What a program would change, and what it would leave as it is."""
    watch = Watch()
    with failures.said(self.name, watch):
      self._made.preview(program=program, on_event=watch.hear)
    return watch.lines

  def drift(self) -> Sequence[Line]:
    """How what is there differs from what was made; changes nothing."""
    watch = Watch()
    with failures.said(self.name, watch):
      self._made.preview_refresh(on_event=watch.hear)
    return [each for each in watch.lines if each.changes]

  def up(
    self, program: Program, listener: Listener, stopping: Callable[[], None]
  ) -> None:
    """Makes and changes what a program says.

    Args:
      stopping: called at the first Ctrl-C.

    Raises:
      Interrupted: somebody pressed it; what was begun is finished, and kept
        in mind.
      InfraError: something could not be made.
    """
    watch = Watch(listener)
    self._change(
      lambda: self._made.up(program=program, on_event=watch.hear),
      watch,
      stopping,
    )

  def destroy(
    self,
    listener: Listener,
    stopping: Callable[[], None],
    keep_protected: bool = True,
  ) -> None:
    """Removes what was made, but for what is protected.

    Raises:
      Interrupted, InfraError: as ``up`` does.
    """
    watch = Watch(listener)
    if not keep_protected:
      self._run("state", "unprotect", "--all", "--yes")
    self._change(
      lambda: self._made.destroy(
        exclude_protected=keep_protected or None, on_event=watch.hear
      ),
      watch,
      stopping,
    )

  def forget(self) -> None:
    """Removes the stack itself, once nothing is left in it."""
    with failures.said(self.name, Watch()):
      self._made.workspace.remove_stack(self.name)

  def empty(self) -> bool:
    """Whether it holds nothing that could be removed."""
    return not any(each.get("custom") for each in self._resources())

  def holds(self, name: str) -> bool:
    """Whether it has made something that the program calls so."""
    urns = (each["urn"] for each in self._resources())
    return any(events.name(urn) == name for urn in urns)

  def _change(
    self, work: Callable[[], object], watch: Watch, stopping: Callable[[], None]
  ) -> None:
    def interrupted() -> None:
      if not watch.interrupted:
        stopping()
      watch.interrupted = True
      self._command.interrupt()

    with failures.said(self.name, watch):
      interrupting.finish(work, interrupted)

  def _resources(self) -> Sequence[Mapping[str, Any]]:
    with failures.said(self.name, Watch()):
      held = self._made.export_stack().deployment or {}
    return held.get("resources") or ()

  def _run(self, *arguments: str) -> None:
    workspace = self._made.workspace
    with failures.said(self.name, Watch()):
      self._command.run(
        [*arguments, "--stack", self.name],
        workspace.work_dir,
        dict(workspace.env_vars),
      )


def state_url(project: str, settings: InfraSettings | None = None) -> str:
  """Where the stacks of a project are kept in mind."""
  return state.url(project, settings or InfraSettings())


def name(place: Place) -> str:
  """What the stack of a place's cluster is called."""
  return f"{place.project}.{place.cluster}".replace(":", "_")


def existing(
  place: Place, settings: InfraSettings, credentials: GoogleCredentials
) -> Stack | None:
  """The stack of a place; None where there is none, and none is made.

  Raises:
    NoPulumi: the Pulumi CLI is missing.
    InfraError: its state cannot be reached.
  """
  from pulumi.automation import StackNotFoundError

  kept = state.of(place, settings, credentials)
  try:
    if not kept.exists():
      return None
  except StoreError as error:
    raise state.unreadable(error) from error
  try:
    return _opened(place, kept, create=False)
  except StackNotFoundError:
    return None


def created(
  place: Place, settings: InfraSettings, credentials: GoogleCredentials
) -> Stack:
  """The stack of a place, made where it is missing, with its state."""
  kept = state.of(place, settings, credentials)
  try:
    kept.create()
  except StoreError as error:
    raise state.unreadable(error) from error
  return _opened(place, kept, create=True)


def scratch(place: Place) -> Stack:
  """An empty stack that is gone with this process, for previews."""
  folder = opening.workdir() / "scratch"
  kept = state.of(place, InfraSettings(state=folder.as_uri()), None)
  kept.create()
  return _opened(place, kept, create=True)


def _opened(place: Place, kept: State, create: bool) -> Stack:
  from pulumi import automation

  command = pulumi_cli.required()
  # Of its own: several checks of doctor open the stack at once.
  work = tempfile.mkdtemp(prefix="pulumi-", dir=opening.workdir())
  workspace = automation.LocalWorkspace(
    work_dir=work,
    env_vars=_environ(kept),
    pulumi_command=command,
    project_settings=automation.ProjectSettings(name=PROJECT, runtime="python"),
  )
  open_ = (
    automation.Stack.create_or_select if create else automation.Stack.select
  )
  with failures.said(name(place), Watch()):
    made = open_(name(place), workspace)
  return Stack(name=name(place), state=kept, made=made, command=command)


def _environ(kept: State) -> dict[str, str]:
  """What Pulumi is told besides what it inherits.

  The stack holds no secret: its passphrase protects nothing, and so is empty
  where the user has none.
  """
  told = {
    "PULUMI_BACKEND_URL": kept.url,
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    **_login(),
  }
  if not os.environ.keys() & _PASSPHRASES:
    told["PULUMI_CONFIG_PASSPHRASE"] = ""
  return told


def _login() -> dict[str, str]:
  """Has Pulumi act as whoever the authenticator's settings name."""
  here = opening.here()
  provider = here.registry.provider("authenticator", "google")
  settings = choosing.settings_of(provider, here.asked)
  told = {
    finding.VARIABLE: settings.credentials_file,
    "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT": settings.impersonate,
  }
  return {name: value for name, value in told.items() if value}
