"""Profiles: named sets of settings; pure.

Each change makes a new value: ``profiles_file.save(load().use("work"))``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from keras_remote_core.errors import InvalidSetting, UsageError
from keras_remote_core.resolving import Sources, Table, resolve
from keras_remote_core.suggestions import instead

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_Values = Mapping[str, Any]


@frozen(kw_only=True)
class Profiles:
  """The profiles by name, and which one is active."""

  active: str | None = None
  profiles: Mapping[str, _Values] = field(factory=dict)

  def show(self, name: str) -> _Values:
    """The settings of a profile; a provider's are in a mapping of its name.

    Raises:
      InvalidSetting: there is no such profile.
    """
    if name in self.profiles:
      return self.profiles[name]
    raise InvalidSetting(
      f"there is no profile {name!r}",
      remedy=instead(name, self.profiles)
      or f"keras-remote config profile create {name}",
    )

  def use(self, name: str | None) -> Profiles:
    """With another profile active, or with none."""
    if name is not None:
      self.show(name)
    return evolve(self, active=name)

  def create(self, name: str) -> Profiles:
    """With one more, empty profile.

    Raises:
      UsageError: there is one, or the name has characters other than letters,
        digits, ``.``, ``_`` and ``-``.
    """
    if not _NAME.fullmatch(name):
      raise UsageError(
        f"a profile cannot be called {name!r}",
        remedy="start with a letter or digit; then also '.', '_' and '-'",
      )
    if name in self.profiles:
      raise UsageError(
        f"there is a profile {name!r} already",
        remedy=f"keras-remote config profile use {name}",
      )
    return self._with(name, {})

  def remove(self, name: str) -> Profiles:
    """Without a profile; if it was active, none is."""
    self.show(name)
    active = None if self.active == name else self.active
    return Profiles(active=active, profiles=_without(self.profiles, name))

  def set(
    self,
    name: str,
    key: str,
    value: str,
    sections: Mapping[str | None, type[Any]],
  ) -> Profiles:
    """With one setting of a profile changed.

    Args:
      key: a setting of the core such as ``"project"``, or of a provider such
        as ``"gke.reservation"``.
      sections: the settings class of each provider, and the core's under None.

    Raises:
      InvalidSetting: there is no such setting, it is secret, or it does not
        accept the value.
    """
    section, setting = _split(key)
    _check_section(section, sections)
    change = _put({}, section, setting, value)
    table = Table(origin=f"profile {name}", values=change)
    resolve(sections[section], Sources(tables=(table,)), section)
    return self._with(name, _put(self.show(name), section, setting, value))

  def unset(self, name: str, key: str) -> Profiles:
    """Without one setting of a profile.

    Raises:
      InvalidSetting: the profile does not have it.
    """
    section, setting = _split(key)
    values = self.show(name)
    held = _inner(values, section) if section else values
    if setting not in held:
      raise InvalidSetting(
        f"profile {name} does not set {key!r}",
        remedy=f"keras-remote config profile show {name}",
      )
    rest = _without(held, setting)
    kept = {**values, section: rest} if section else rest
    return self._with(name, kept)

  def _with(self, name: str, values: _Values) -> Profiles:
    return evolve(self, profiles={**self.profiles, name: values})


def _split(key: str) -> tuple[str | None, str]:
  section, _, setting = key.rpartition(".")
  return section or None, setting


def _check_section(
  section: str | None, sections: Mapping[str | None, type[Any]]
) -> None:
  if section not in sections:
    raise InvalidSetting(
      f"no installed provider has settings named {section!r}",
      remedy=instead(str(section), filter(None, sections)),
    )


def _put(values: _Values, section: str | None, key: str, value: str) -> _Values:
  if section is None:
    return {**values, key: value}
  return {**values, section: {**_inner(values, section), key: value}}


def _inner(values: _Values, section: str) -> _Values:
  held = values.get(section)
  return held if isinstance(held, Mapping) else {}


def _without(values: _Values, key: str) -> dict[str, Any]:
  return {held: value for held, value in values.items() if held != key}
