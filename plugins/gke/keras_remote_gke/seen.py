"""What a cluster shows of a job at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from keras_remote_gke import pods
from keras_remote_gke.pods import Pod

_ENDS = ("Complete", "Completed", "Failed")


@frozen(kw_only=True)
class Seen:
  """A Job with its pods, oldest first, and what was reported of them.

  Args:
    job: the Job, or None where there is none.
    events: of the Job and of pods that wait.
  """

  job: Mapping[str, Any] | None
  pods: tuple[Pod, ...] = ()
  events: tuple[Mapping[str, Any], ...] = ()

  def condition(self, kind: str) -> Mapping[str, Any] | None:
    """A condition of the Job that holds."""
    status = self.job.get("status", {}) if self.job else {}
    for each in status.get("conditions") or ():
      if each["type"] == kind and each["status"] == "True":
        return dict(each)
    return None

  @property
  def ended(self) -> bool:
    """Whether the Job or a pod that cannot end says so, or it is gone."""
    done = any(map(self.condition, _ENDS))
    return self.job is None or done or self.parked

  @property
  def parked(self) -> bool:
    """Whether a pod that cannot end is done, and has stored all it has."""
    return any(map(pods.parked, self.pods))

  @property
  def stopping(self) -> bool:
    """Whether somebody deleted the Job, whose pods may still be ending."""
    return bool(self.job and self.job["metadata"].get("deletionTimestamp"))

  @property
  def newest(self) -> list[Pod]:
    """The newest pod of each host."""
    return list({pods.worker(each): each for each in self.pods}.values())

  @property
  def idle(self) -> Pod | None:
    """The newest pod that has not started; one without a machine first."""
    found = [
      each for each in self.pods if not (pods.started(each) or pods.over(each))
    ]
    homeless = [each for each in found if not pods.has_node(each)]
    return next(reversed(homeless or found), None)

  def waits(self) -> bool:
    """Whether the job, or a part of it, has not begun or not begun again."""
    idle = not self.pods or self.idle is not None
    return idle and not self.ended

  def waiting(self) -> str:
    """The name of the object whose events say why nothing runs yet."""
    if self.idle is not None:
      return pods.name(self.idle)
    return str(self.job["metadata"]["name"]) if self.job else ""
