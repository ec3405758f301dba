"""A backend on the mixins rides out what passes by itself."""

from __future__ import annotations

from typing import Any

import pytest

from keras_remote_core.errors import MachineError
from keras_remote_core.mixins import PollingWatch
from keras_remote_core.model import JobStatus, Phase

RUNNING = JobStatus(phase=Phase.RUNNING, reason="Running")
ENDED = JobStatus(phase=Phase.SUCCEEDED, reason="Returned")
AWAY = MachineError("no route to host")
JOB: Any = None
"""Which job is asked for makes no difference here."""


class Machine(PollingWatch):
  """Answers what it was told to, one after the other."""

  poll_interval = 0.0

  def __init__(self, *answers):
    self.answers = list(answers)

  def status(self, handle):
    answer = self.answers.pop(0)
    if isinstance(answer, MachineError):
      raise answer
    return answer


def test_a_machine_that_comes_back_was_not_missed():
  machine = Machine(RUNNING, AWAY, AWAY, RUNNING, AWAY, ENDED)
  assert list(machine.watch(JOB)) == [RUNNING, ENDED]


def test_a_machine_that_stays_away_is_told_of():
  machine = Machine(RUNNING, *[AWAY] * 10)
  watching = machine.watch(JOB)
  assert next(watching) == RUNNING
  with pytest.raises(MachineError, match="no route"):
    next(watching)
  assert len(machine.answers) == 10 - 1 - machine.misses


def test_every_interruption_may_last_as_long_as_the_first():
  away = [AWAY] * Machine.misses
  machine = Machine(*away, RUNNING, *away, ENDED)
  assert list(machine.watch(JOB)) == [RUNNING, ENDED]
