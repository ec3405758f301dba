"""Jobs that run to their end: values, exceptions, logs, statuses, secrets."""

from __future__ import annotations

import hashlib
import json
import secrets

import pytest

from keras_remote_core import index, wire
from keras_remote_core.job import Job
from keras_remote_core.model import Environment, Phase
from keras_remote_core.roles import ArtifactStore
from keras_remote_core.testing import functions
from keras_remote_core.testing.backend_part import Part
from keras_remote_core.testing.site import Site
from keras_remote_runner import keys

_LINES = 300


class Runs(Part):
  def test_a_value_comes_back(self, site: Site) -> None:
    assert site.submit(functions.add, 40, 2).result(self.patience) == 42

  def test_an_exception_comes_back_as_itself(self, site: Site) -> None:
    job = site.submit(functions.fail, "on purpose")
    with pytest.raises(ValueError, match="on purpose"):
      job.result(self.patience)

  def test_logs_come_in_order_while_it_runs_and_afterwards(
    self, site: Site
  ) -> None:
    job = site.submit(functions.count_aloud, _LINES)
    followed = [line.text for line in job.logs(follow=True)]
    job.result(self.patience)
    expected = [f"line {number}" for number in range(_LINES)]
    assert followed == expected
    assert [line.text for line in job.logs()] == expected

  def test_lines_come_exactly_as_they_were_printed(self, site: Site) -> None:
    job = site.submit(functions.print_all, functions.ODD_LINES)
    job.result(self.patience)
    texts = [line.text for line in job.logs()]
    assert texts == [*functions.ODD_LINES, "no end"]

  def test_logs_can_be_asked_for_since_a_moment(self, site: Site) -> None:
    job = site.submit(functions.count_aloud, 3)
    job.result(self.patience)
    last = list(job.logs())[-1].time.timestamp()
    assert list(job.logs(since=last))
    assert not list(job.logs(since=last + 1))

  def test_a_watch_ends_with_a_terminal_status(self, site: Site) -> None:
    job = site.submit(functions.add, 1)
    *before, last = site.made.backend.watch(job.handle)
    assert last.phase is Phase.SUCCEEDED
    assert not any(status.phase.terminal for status in before)

  def test_a_terminal_status_gives_a_reason_and_stays(self, site: Site) -> None:
    job = site.submit(functions.fail, "on purpose")
    with pytest.raises(ValueError, match="on purpose"):
      job.result(self.patience)
    assert job.status() == job.status()
    assert job.status().phase is Phase.FAILED
    assert job.status().reason

  def test_jobs_side_by_side_are_told_apart(self, site: Site) -> None:
    jobs = [site.submit(functions.say, text) for text in ("one", "two")]
    assert [job.result(self.patience) for job in jobs] == ["one", "two"]
    lines = [[line.text for line in job.logs()] for job in jobs]
    assert lines == [["one"], ["two"]]

  def test_variables_reach_the_job(self, site: Site) -> None:
    environment = Environment(plain={"CONFORMANCE_PLAIN": "plain"})
    job = site.submit(
      functions.digest_of, "CONFORMANCE_PLAIN", environment=environment
    )
    assert job.result(self.patience) == _digest("plain")

  def test_its_own_key_is_kept_from_the_function(self, site: Site) -> None:
    job = site.submit(functions.has, "KERAS_REMOTE_KEY")
    assert job.result(self.patience) is False

  def test_its_provider_claims_what_it_can_do(self, site: Site) -> None:
    claimed = "secrets" in site.plan.backend.provider.capabilities
    assert claimed == self.capabilities.secrets

  def test_secrets_reach_the_job_and_nothing_that_is_written(
    self, site: Site
  ) -> None:
    self.needs("secrets")
    value = secrets.token_hex(16)
    environment = Environment(secrets={"CONFORMANCE_SECRET": value})
    job = site.submit(
      functions.digest_of, "CONFORMANCE_SECRET", environment=environment
    )
    assert job.result(self.patience) == _digest(value)
    key = index.key(job.id)
    assert key is not None
    written = _all_that_is_written(job, site.made.store)
    for hidden in (value.encode(), key, key.hex().encode()):
      assert not [name for name, data in written.items() if hidden in data]

  def test_what_it_would_create_is_plain_data_without_secrets(
    self, site: Site
  ) -> None:
    submission, _ = site.unsubmitted(functions.add, 1)
    rendered = json.dumps(list(site.made.backend.render(submission)))
    assert submission.key.hex() not in rendered
    assert list(site.made.backend.render(submission)) == json.loads(rendered)


def _digest(value: str) -> str:
  return hashlib.sha256(value.encode()).hexdigest()


def _all_that_is_written(
  job: Job[object], store: ArtifactStore
) -> dict[str, bytes]:
  found = {
    entry.key: store.read(entry.key)
    for place in (f"{keys.job(job.id)}/", "blobs/")
    for entry in store.list(place)
  }
  text = "\n".join(line.text for line in job.logs())
  return found | {
    "the handle": wire.encode(job.handle),
    "the logs": text.encode(),
    "the status": repr(job.status()).encode(),
  }
