"""Who asks, and what they may do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from attrs import frozen

from keras_remote_gke.testing.control.asking import Asked
from keras_remote_gke.testing.control.service_accounts import ServiceAccounts
from keras_remote_gke.testing.control.statuses import forbidden, unauthorized

ANONYMOUS = "system:anonymous"


@frozen
class _Rule:
  verb: str
  target: str
  space: str

  def matches(self, asked: Asked) -> bool:
    return all(
      wanted in ("*", have)
      for wanted, have in (
        (self.verb, asked.verb),
        (self.target, asked.target),
        (self.space, asked.space),
      )
    )


class Access:
  """Everything is allowed until it is denied, but to service accounts.

  Args:
    valid: whether a bearer token is good; None: every caller is somebody.
    user: the name of who has a good token.
    accounts: whose tokens are good as well, for what they are bound to.
  """

  def __init__(
    self,
    valid: Callable[[str], bool] | None,
    user: str,
    accounts: ServiceAccounts,
  ) -> None:
    self._valid, self._user, self._accounts = valid, user, accounts
    self._denied: list[_Rule] = []
    self._lock = threading.Lock()

  def deny(self, verb: str, target: str, space: str) -> None:
    with self._lock:
      self._denied.append(_Rule(verb, target, space))

  def allow(self) -> None:
    """Denies nothing any more."""
    with self._lock:
      self._denied.clear()

  def user(self, headers: Mapping[str, str]) -> str:
    """Whose request this is, by its lower-case headers.

    Raises:
      Refused: by nobody's.
    """
    kind, _, token = headers.get("authorization", "").partition(" ")
    if account := self._accounts.of(token.strip()):
      return account.user
    if self._valid is None:
      return self._user
    if not token:
      return ANONYMOUS
    if kind.lower() != "bearer" or not self._valid(token.strip()):
      raise unauthorized()
    return self._user

  def allows(self, user: str, asked: Asked) -> bool:
    if user == ANONYMOUS or not self._accounts.allow(user, asked):
      return False
    with self._lock:
      return not any(rule.matches(asked) for rule in self._denied)

  def check(self, user: str, asked: Asked) -> None:
    if self.allows(user, asked):
      return
    where = (
      f' in the namespace "{asked.space}"'
      if asked.space
      else " at the cluster scope"
    )
    why = (
      f'User "{user}" cannot {asked.verb} resource "{asked.target}" in API'
      f' group "{asked.resource.group}"{where}'
    )
    raise forbidden(asked.resource, asked.name, why)
