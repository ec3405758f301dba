"""What ``keras-remote down`` removes, and what it keeps."""

from __future__ import annotations

DOWN = ("down", "--yes", "--cluster", "emulated")


def test_down_keeps_the_bucket_and_up_finds_it_again(made, cli):
  gone = cli(*DOWN)
  assert "- removed cluster" in gone.stderr
  assert "gs://emulated-project-keras-remote-emulated" in gone.stdout
  assert "is still there" in gone.stdout
  assert "bucket" in made.names()
  assert "cluster" not in made.names()
  shown = cli("up", "--preview").stdout
  assert "1 cluster" in shown
  assert "1 bucket" not in shown


def test_down_with_the_data_leaves_nothing_not_even_a_stack(made, cli):
  gone = cli(*DOWN, "--delete-data")
  assert "goes with all that is in it" in gone.stdout
  assert "- removed bucket" in gone.stderr
  assert "all of it is gone" in gone.stdout
  assert made.pulumi.stacks(made.state) == []
  again = cli(*DOWN, code=3)
  assert "keras-remote has made nothing for cluster emulated" in again.stderr


def test_down_tells_what_goes_and_what_stays_before_it_asks(made, cli):
  shown = cli("down", "--preview").stdout
  assert "cluster emulated of project emulated-project goes" in shown
  assert "what stays: the bucket gs://" in shown
  refused = cli("down", code=2)
  assert "nobody can be asked here" in refused.stderr
  assert "cluster" in made.names()


def test_nothing_is_removed_unasked_that_is_not_named(made, cli):
  refused = cli("down", "--yes", code=2)
  assert "keras-remote down --yes --cluster NAME" in refused.stderr


def test_a_down_that_fails_says_why_and_goes_on(made, cli):
  made.pulumi.fail("pool-cpu", "googleapi: Error 400: it is being upgraded")
  failed = cli(*DOWN, code=3)
  assert "the node pool cpu failed: Error 400" in failed.stderr
  made.pulumi.fail("pool-cpu", None)
  cli(*DOWN)
  assert "cluster" not in made.names()
