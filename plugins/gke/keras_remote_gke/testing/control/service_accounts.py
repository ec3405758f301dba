"""The tokens of pods, and what the accounts they stand for may do."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from attrs import frozen

from keras_remote_gke.testing.control.asking import Asked
from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.resources import ROLE_BINDINGS, ROLES
from keras_remote_gke.testing.control.state import State

_PREFIX = "system:serviceaccount:"


@frozen
class Account:
  """A service account."""

  space: str
  name: str

  @property
  def user(self) -> str:
    """As the API server calls it."""
    return f"{_PREFIX}{self.space}:{self.name}"

  def is_subject(self, subject: Object, space: str) -> bool:
    """Whether a binding of a namespace is about it."""
    if subject["kind"] == "User":
      return bool(subject["name"] == self.user)
    own = (subject.get("namespace") or space, subject["name"])
    return subject["kind"] == "ServiceAccount" and own == (
      self.space,
      self.name,
    )


class ServiceAccounts:
  """Nothing is allowed to a service account but by a RoleBinding to a Role."""

  def __init__(self, state: State) -> None:
    self._state = state
    self._tokens: dict[str, Account] = {}

  def token(self, space: str, name: str) -> str:
    """A new token, good for as long as the cluster is there."""
    made = secrets.token_urlsafe(32)
    self._tokens[made] = Account(space, name)
    return made

  def of(self, token: str) -> Account | None:
    return self._tokens.get(token)

  def allow(self, user: str, asked: Asked) -> bool:
    """Whether a user may do what is asked; other users may do all."""
    if not user.startswith(_PREFIX):
      return True
    space, _, name = user.removeprefix(_PREFIX).partition(":")
    rules = self._rules(Account(space, name), asked.space)
    return any(_covers(each, asked) for each in rules)

  def _rules(self, account: Account, space: str) -> Iterator[Object]:
    for binding in self._state.all(ROLE_BINDINGS, space) if space else ():
      subjects = binding.get("subjects") or []
      if any(account.is_subject(each, space) for each in subjects):
        role = self._state.get(ROLES, space, binding["roleRef"]["name"])
        yield from (role or {}).get("rules") or []


def _covers(rule: Object, asked: Asked) -> bool:
  """Whether a role's rule is about what is asked."""
  names = rule.get("resourceNames")
  return (
    _takes(rule.get("apiGroups"), asked.resource.group)
    and _takes(rule.get("resources"), asked.target)
    and _takes(rule.get("verbs"), asked.verb)
    and (not names or asked.name in names)
  )


def _takes(known: list[str] | None, value: str) -> bool:
  return value in (known or ()) or "*" in (known or ())
