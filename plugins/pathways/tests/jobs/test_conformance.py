"""The backend keeps what a backend promises, in both layouts."""

from __future__ import annotations

import pytest

from keras_remote_core.testing import BackendConformance


class TestLeaderWorkerSet(BackendConformance):
  @pytest.fixture
  def plan(self, plan_of):
    return plan_of(layout="lws")


class TestJobSet(BackendConformance):
  @pytest.fixture
  def plan(self, plan_of):
    return plan_of(layout="jobset")
