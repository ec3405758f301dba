"""What ``keras-remote doctor`` looks at of infrastructure; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from keras_remote_core import opening
from keras_remote_core.model import CheckResult
from keras_remote_gcp import services as enabled
from keras_remote_pulumi_infra import (
  failures,
  here,
  in_cluster,
  pulumi_cli,
  quota_needs,
  services,
  wanting,
)
from keras_remote_pulumi_infra.errors import NoPulumi
from keras_remote_pulumi_infra.here import Here
from keras_remote_pulumi_infra.quotas import Limits
from keras_remote_pulumi_infra.stack import Stack

_NOWHERE = CheckResult(ok=True, message="not looked at: no project is set")
_SHOWN = 3


def pulumi() -> CheckResult:
  """Whether there is a Pulumi CLI that will do."""
  if not _configured():
    return _NOWHERE
  return CheckResult(ok=True, message=f"Pulumi {pulumi_cli.required().version}")


def state() -> CheckResult:
  """Whether what was made can be read, and nobody is at it."""
  return _looked(_state)


def drift() -> CheckResult:
  """Whether what is there is what was made, in the cluster too."""
  return _looked(_drift)


def quota() -> CheckResult:
  """Whether Google lets the pools grow to one job's worth."""
  return _looked(_quota)


def apis() -> CheckResult:
  """Whether the APIs that were turned on still are."""
  return _looked(_apis)


def _looked(look: Callable[[Here, Stack], CheckResult]) -> CheckResult:
  """What a look finds, where something was made here."""
  if not _configured():
    return _NOWHERE
  place = here.here({})
  try:
    stack = place.stack()
  except NoPulumi as error:
    return CheckResult(ok=True, message=f"not looked at: {error.message}")
  if stack is None:
    told = f"not looked at: nothing was made for cluster {place.place.cluster}"
    return CheckResult(ok=True, message=told)
  return look(place, stack)


def _state(place: Here, stack: Stack) -> CheckResult:
  del place
  who = stack.locked()
  if who is not None:
    raise failures.locked(stack.name, who)
  return CheckResult(ok=True, message=stack.state.url)


def _drift(place: Here, stack: Stack) -> CheckResult:
  found = [f"{each.kind} {each.name}" for each in stack.drift()]
  found += _drift_inside(place, stack)
  if not found:
    return CheckResult(ok=True, message=f"{stack.name}, as it was made")
  more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
  return CheckResult(
    ok=False,
    message=f"not as it was made: {', '.join(found[:_SHOWN])}{more}",
    remedy="keras-remote up, which shows what differs before it mends it",
  )


def _drift_inside(place: Here, stack: Stack) -> Iterator[str]:
  config, connection = wanting.kept(stack), place.connection()
  if config is None or connection is None:
    return
  for each in in_cluster.plan(in_cluster.wanted(config), connection.api):
    if each.operation != "same":
      yield f"{each.kind} {each.name}"


def _quota(place: Here, stack: Stack) -> CheckResult:
  config = wanting.kept(stack)
  if config is None:
    return CheckResult(ok=True, message="not looked at: no up was finished")
  limits = Limits(credentials=place.credentials, region=config.region)
  found = quota_needs.judged(quota_needs.needs(config), limits)
  if not found.short:
    return CheckResult(ok=True, message=_told(found.enough, found.unknown))
  return CheckResult(
    ok=False,
    message=f"in {config.region}, {'; '.join(found.short)}",
    remedy="ask for more:"
    f" https://console.cloud.google.com/iam-admin/quotas?project={place.project}",
  )


def _told(enough: Sequence[str], unknown: Sequence[str]) -> str:
  parts = [
    f"{words} {', '.join(names)}"
    for words, names in (("enough for", enough), ("not known for", unknown))
    if names
  ]
  return "; ".join(parts) or "there are no pools of accelerators"


def _apis(place: Here, stack: Stack) -> CheckResult:
  del stack
  names = [f"{each}.googleapis.com" for each in services.NAMES]
  try:
    missing = enabled.disabled(place.credentials, names)
  except enabled.NotAllowed as error:
    return CheckResult(ok=True, message=f"not looked at: {error.message}")
  if not missing:
    return CheckResult(ok=True, message=f"all {len(names)} are enabled")
  named = " ".join(missing)
  return CheckResult(
    ok=False,
    message=f"not enabled in {place.project}: {named}",
    remedy=f"gcloud services enable {named} --project={place.project}",
  )


def _configured() -> bool:
  return opening.here().asked.core.value.project is not None
