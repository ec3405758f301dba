"""One look at one Job: the pods it needs, then the status it has."""

from __future__ import annotations

import itertools

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  copied,
  deleting,
  now,
  phase,
  uid,
  with_condition,
)
from keras_remote_gke.testing.controllers import job_endings, job_pods
from keras_remote_gke.testing.controllers.backoff import Backoff
from keras_remote_gke.testing.controllers.job_control import JobControl
from keras_remote_gke.testing.controllers.job_endings import (
  COMPLETED,
  Ending,
  failed_indexes,
)
from keras_remote_gke.testing.controllers.job_indexes import (
  index,
  parsed,
  written,
)
from keras_remote_gke.testing.controllers.job_policy import verdict

_RETRY = 1.0
"""Seconds after which a pod that was refused is asked for again."""


class Sync:
  """Follows the steps of Kubernetes' own controller, in their order.

  Args:
    scale: of the back-off between a Job's pods.
    spare: how many pods too many the Job is left.
  """

  def __init__(
    self,
    control: JobControl,
    job: Object,
    pods: list[Object],
    backoff: Backoff,
    scale: float,
    spare: int,
  ) -> None:
    self._control, self._job, self._pods = control, job, pods
    self._backoff, self._scale, self._spare = backoff, scale, spare
    self._view = job_pods.View.of(job, pods)
    self._status: Object = copied(job["status"])
    self._uncounted = self._status.setdefault("uncountedTerminatedPods", {})
    self._active = len(self._view.active)
    self._ready, self._terminating = self._view.ready, self._view.terminating

  def run(self) -> float | None:
    """Returns the seconds after which the Job is due again."""
    suspended = self._job["spec"]["suspend"]
    if not suspended:
      self._status.setdefault("startTime", now())
    self._backoff.note(
      map(uid, self._view.succeeded),
      [(uid(each), job_pods.ended(each)) for each in self._view.failed],
    )
    due = job_endings.deadline(self._current())
    ending = self._ending()
    if ending:
      self._remove(self._view.active, release=False)
    elif not deleting(self._job):
      wait = self._manage()
      due = min(
        (each for each in (due, wait) if each is not None), default=None
      )
      ending = self._completed()
      if not ending:
        self._tell_suspension(suspended)
    self._track(ending)
    return due

  def _current(self) -> Object:
    return {**self._job, "status": self._status}

  def _ending(self) -> Ending | None:
    failures = (
      self._status.get("failed", 0)
      + self._view.counted(self._job)
      + len(self._uncounted.get("failed", []))
    )
    return job_endings.begun(self._job) or job_endings.failing(
      self._current(), self._view, self._pods, failures
    )

  def _succeeded(self) -> int:
    if job_pods.indexed(self._job):
      return len(self._succeeded_indexes())
    return (
      int(self._status.get("succeeded", 0))
      + len(self._view.succeeded)
      + len(self._uncounted.get("succeeded", []))
    )

  def _succeeded_indexes(self) -> set[int]:
    known = parsed(self._status.get("completedIndexes", ""))
    return known | {index(e) for e in self._pods if phase(e) == "Succeeded"}

  def _completed(self) -> Ending | None:
    completions = self._job["spec"].get("completions")
    if completions is None:
      enough = self._succeeded() > 0
    else:
      enough = self._succeeded() >= completions
    return COMPLETED if enough and self._active == 0 else None

  def _wanted(self) -> int:
    """How many pods should be active."""
    spec = self._job["spec"]
    if spec["suspend"]:
      return 0
    if spec.get("completions") is None:
      return self._active if self._succeeded() else int(spec["parallelism"])
    left: int = spec["completions"] - self._succeeded()
    left -= len(failed_indexes(self._job, self._pods))
    return max(0, min(left, int(spec["parallelism"])))

  def _manage(self) -> float | None:
    """Removes pods too many or creates those that lack.

    Returns: the seconds after which it is worth another try.
    """
    wanted = self._wanted()
    excess = self._active - wanted - self._spare
    if excess > 0:
      youngest = sorted(self._view.active, key=_expendable)[:excess]
      self._remove(youngest, release=True)
      return None
    on_their_way = (
      self._terminating if job_pods.only_failed_replaced(self._job) else 0
    )
    lacking = wanted - self._active - on_their_way
    if lacking <= 0:
      return None
    if wait := self._backoff.left(self._scale):
      return wait
    for each in self._places(lacking):
      if not self._control.create(self._job, each):
        return _RETRY * self._scale
      self._active += 1
    return None

  def _places(self, count: int) -> list[int | None]:
    """The indexes of pods to be created."""
    if not job_pods.indexed(self._job):
      return [None] * count
    taken = self._succeeded_indexes() | self._view.indexes()
    taken |= failed_indexes(self._job, self._pods)
    every = range(self._job["spec"]["completions"])
    return list(itertools.islice((e for e in every if e not in taken), count))

  def _remove(self, pods: list[Object], release: bool) -> None:
    for each in pods:
      if release:
        self._control.release(each)
      self._control.delete(self._job, each)
      self._ready -= condition(each, "Ready") is not None
    self._active -= len(pods)
    self._terminating += len(pods)

  def _tell_suspension(self, suspended: bool) -> None:
    known = condition(self._job, "Suspended", None)
    if (known or {"status": "False"})["status"] == str(suspended):
      return
    word = "Suspended" if suspended else "Resumed"
    told = Ending("Suspended", f"Job{word}", f"Job {word.lower()}")
    new = {**told.condition("Suspended"), "status": str(suspended)}
    self._add(new)
    if not suspended:
      self._status["startTime"] = now()
    self._control.say(self._job, "Normal", word, told.message)

  def _add(self, new: Object) -> None:
    known = self._status.get("conditions")
    self._status["conditions"] = with_condition(known, new)

  def _track(self, ending: Ending | None) -> None:
    """Accounts for the pods that have ended, in two writes where it has to.

    Between the two their finalizers go, so that no pod counts twice.
    """
    self._status.update(ready=self._ready, terminating=self._terminating)
    self._status.pop("active", None)
    if self._active:
      self._status["active"] = self._active
    accounted = [e for e in self._pods if self._account(e, ending)]
    self._note_indexes()
    if ending and not condition(self._job, ending.kind):
      self._add(ending.condition(ending.kind))
    self._control.write(self._job, self._status)
    for each in accounted:
      self._control.release(each)
    self._count()
    finished = ending is not None and self._terminating == 0
    if ending and finished:
      self._finish(ending)
    self._control.write(self._job, self._status)
    if ending and finished:
      self._tell_end(ending)

  def _account(self, pod: Object, ending: Ending | None) -> bool:
    """Notes a pod that has ended; False where it has to stay tracked."""
    lost = job_pods.failed(self._job, pod)
    done = phase(pod) == "Succeeded"
    over = ending is not None or deleting(self._job)
    if not job_pods.tracked(pod) or not (over or done or lost):
      return False
    failing = ending is not None and ending.final == "Failed"
    if done:
      if not job_pods.indexed(self._job):
        self._uncounted.setdefault("succeeded", []).append(uid(pod))
    elif (lost or failing) and verdict(self._job, pod).counts:
      self._uncounted.setdefault("failed", []).append(uid(pod))
    return True

  def _note_indexes(self) -> None:
    if not job_pods.indexed(self._job):
      return
    done = self._succeeded_indexes()
    self._status.pop("succeeded", None)
    if done:
      self._status.update(succeeded=len(done), completedIndexes=written(done))
    if "backoffLimitPerIndex" in self._job["spec"]:
      given_up = failed_indexes(self._job, self._pods)
      self._status["failedIndexes"] = written(given_up)

  def _count(self) -> None:
    for key in ("succeeded", "failed"):
      new = len(self._uncounted.pop(key, []))
      if new:
        self._status[key] = self._status.get(key, 0) + new

  def _finish(self, ending: Ending) -> None:
    final = ending.condition(ending.final)
    self._add(final)
    if ending.final == "Complete":
      self._status["completionTime"] = final["lastTransitionTime"]

  def _tell_end(self, ending: Ending) -> None:
    if ending.final == "Complete":
      self._control.say(self._job, "Normal", "Completed", "Job completed")
    else:
      self._control.say(self._job, "Warning", ending.reason, ending.message)


def _expendable(pod: Object) -> tuple[bool, bool, str]:
  """Sorts those first that have come least far."""
  created = pod["metadata"]["creationTimestamp"]
  return (
    condition(pod, "Ready") is not None,
    "nodeName" in pod["spec"],
    "".join(chr(255 - ord(each)) for each in created),
  )
