"""One plugin, looked at alone, so that its mistakes stay its own."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pluggy
from attrs import evolve, field, frozen

from keras_remote_core import hookspecs, settings, suggestions
from keras_remote_core.accelerators import Family
from keras_remote_core.providers import BackendProvider, Provider, StoreProvider

_GROUP = re.compile(r"keras_remote\.v(\d+)")
_TYPES: Mapping[str, type[Any]] = {
  "accelerator": Family,
  "store": StoreProvider,
  "backend": BackendProvider,
}
BUILTIN = "builtin"


@frozen(kw_only=True)
class Plugin:
  """What an installed plugin provides, or why it cannot be used.

  Args:
    name: the entry point's name.
    contributions: per step or merged hook, what the plugin returned.
    module: the object that implements the hooks, None where it failed.
  """

  name: str
  distribution: str
  version: str
  contributions: Mapping[str, tuple[Any, ...]] = field(factory=dict)
  module: Any = field(default=None, repr=False)
  error: str | None = None

  @property
  def provides(self) -> dict[str, list[str]]:
    """The names of what it provides, by step."""
    return {
      step: [each.name for each in found]
      for step, found in self.contributions.items()
      if found
    }


def discover(disabled: Iterable[str] = ()) -> list[Plugin]:
  """Every installed plugin, the built-in one first, then by name."""
  blocked = set(disabled)
  entries = [
    entry
    for distribution in importlib.metadata.distributions()
    for entry in distribution.entry_points
    if _GROUP.fullmatch(entry.group) and entry.name not in blocked
  ]
  # Of a distribution that is on the path twice, the first one counts.
  unique = {(each.group, each.name): each for each in reversed(entries)}
  ordered = sorted(unique.values(), key=lambda entry: entry.name)
  ordered.sort(key=lambda entry: entry.name != BUILTIN)
  return [_load(entry) for entry in ordered]


def inspect(
  name: str, module: Any, distribution: str = "", version: str = ""
) -> Plugin:
  """Validates a plugin's hooks and gathers what they return."""
  found = Plugin(name=name, distribution=distribution, version=version)
  try:
    contributions = dict(_contributions(name, module))
  except (Exception, SystemExit) as error:
    return broken(found, _reason(error))
  return evolve(found, contributions=contributions, module=module)


def broken(plugin: Plugin, why: str) -> Plugin:
  """The plugin with nothing of it in use, and what its user can do."""
  advice = f"upgrade or uninstall {plugin.distribution or plugin.name}"
  return evolve(plugin, contributions={}, module=None, error=f"{why}; {advice}")


def _load(entry: importlib.metadata.EntryPoint) -> Plugin:
  distribution = entry.dist.name if entry.dist else ""
  version = entry.dist.version if entry.dist else ""
  found = Plugin(name=entry.name, distribution=distribution, version=version)
  if entry.group != hookspecs.GROUP:
    return evolve(found, error=_other_group(entry.group, distribution))
  try:
    module = entry.load()
  except (Exception, SystemExit) as error:
    return broken(found, f"it does not import: {_reason(error)}")
  return inspect(entry.name, module, distribution, version)


def _contributions(
  name: str, module: Any
) -> Iterator[tuple[str, tuple[Any, ...]]]:
  manager = hookspecs.manager()
  manager.register(module, name=name)
  _check_names(manager, module)
  for step, hook in {**hookspecs.STEP_HOOKS, **hookspecs.MERGED_HOOKS}.items():
    returned = _consumed(getattr(manager.hook, hook))
    yield step, tuple(_checked(hook, step, each) for each in returned)


def _check_names(manager: pluggy.PluginManager, module: Any) -> None:
  callers = vars(manager.hook).values()
  known = [each.name for each in callers if each.has_spec()]
  for caller in manager.get_hookcallers(module) or ():
    optional = all(each.optionalhook for each in caller.get_hookimpls())
    if caller.name not in known and not optional:
      fix = suggestions.instead(caller.name, known)
      message = f"there is no hook {caller.name}: {fix}"
      raise pluggy.PluginValidationError(module, message)


def _consumed(caller: pluggy.HookCaller) -> list[Any]:
  """What a hook's implementations yield; generators raise only here."""
  try:
    return [each for returned in caller() for each in returned]
  except (Exception, SystemExit) as error:
    message = f"{caller.name} raised {_reason(error)}"
    raise pluggy.PluginValidationError(None, message) from error


def _checked(hook: str, step: str, contribution: Any) -> Any:
  wanted = _TYPES.get(step, Provider)
  if not isinstance(contribution, wanted):
    kind = type(contribution).__name__
    raise TypeError(f"{hook} returned a {kind}, not a {wanted.__name__}")
  if isinstance(contribution, Provider) and contribution.settings:
    settings.run_fields(contribution.settings)
  return contribution


def _reason(error: BaseException) -> str:
  if isinstance(error, pluggy.PluginValidationError):
    return str(error).replace("\n", " ")
  return f"{type(error).__name__}: {error}"


def _other_group(group: str, distribution: str) -> str:
  theirs, ours = (
    int(group[1 + group.rindex("v") :]) for group in (group, hookspecs.GROUP)
  )
  older = "keras-remote" if theirs > ours else distribution
  return (
    f"it was built for plugin interface v{theirs}, and this keras-remote has"
    f" v{ours}; upgrade {older}: pip install -U {older}"
  )
