"""One of any number of machines builds; a dead one is not waited for long."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

from keras_remote_cloudbuild.lease import Leases
from keras_remote_core.testing import MemoryStore

TAG = "0a1b"


class Clock:
  late = 0.0

  def __call__(self):
    return time.time() + self.late


def leases(who="ada"):
  clock = Clock()
  return Leases(store=MemoryStore(), who=who, now=clock), clock


def test_only_one_of_many_gets_a_lease():
  made, _ = leases()
  with ThreadPoolExecutor(8) as pool:
    got = list(pool.map(made.acquire, [TAG] * 32))
  assert sum(each is not None for each in got) == 1


def test_a_lease_that_is_given_back_is_free():
  made, _ = leases()
  made.acquire(TAG).give_back()
  assert made.holder(TAG) == ""
  assert made.acquire(TAG) is not None


def test_leases_are_for_one_image_each():
  made, _ = leases()
  assert made.acquire(TAG)
  assert made.acquire(f"{TAG}c")


def test_who_holds_it_can_be_told():
  made, _ = leases("ada on difference-engine")
  assert made.holder(TAG) == ""
  made.acquire(TAG)
  assert made.holder(TAG) == "ada on difference-engine"


def test_a_lease_that_nobody_renews_is_taken_over():
  made, clock = leases()
  made.acquire(TAG)
  clock.late = made.lifetime - 1
  assert made.acquire(TAG) is None
  clock.late = made.lifetime + 1
  assert made.acquire(TAG) is not None
  clock.late = 0.0
  assert made.acquire(TAG) is None


def test_of_racing_takers_one_wins():
  made, clock = leases()
  made.acquire(TAG)
  clock.late = made.lifetime + 1
  listed = list(made.store.list("images/leases/"))
  made.store.list = lambda prefix: iter(listed)  # all saw the same
  assert made.acquire(TAG) is not None
  assert made.acquire(TAG) is None


def test_a_renewed_lease_stays_and_a_late_holder_takes_nothing_back():
  made, clock = leases()
  lease = made.acquire(TAG)
  clock.late = made.lifetime + 1
  other = made.acquire(TAG)
  lease.renew()
  lease.give_back()
  clock.late = 0.0
  assert made.acquire(TAG) is None
  other.renew()
  other.give_back()
  assert made.acquire(TAG) is not None


def test_numbers_go_on_as_long_as_takers_follow_each_other():
  made, clock = leases()
  for number in itertools.count(1):
    lease = made.acquire(TAG)
    assert lease.key.endswith(f"/{number:06}")
    clock.late += made.lifetime + 1
    if number == 3:
      break
