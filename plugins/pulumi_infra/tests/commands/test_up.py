from __future__ import annotations

UP = ("up", "--yes", "--controllers", "")


def test_a_preview_for_a_new_user_fits_one_screen_and_makes_nothing(cloud, cli):
  shown = cli("up", "--preview").stdout
  print(shown)
  assert len(shown.splitlines()) <= 24
  assert max(map(len, shown.splitlines())) <= 80
  assert cloud.pulumi.stacks(cloud.state) == []


def test_up_makes_everything_and_a_second_one_nothing(cloud, cli):
  first = cli(*UP)
  print(first.stdout, first.stderr)
  assert "cluster" in cloud.names()
  second = cli(*UP)
  print(second.stdout, second.stderr)
  assert "nothing to do" in second.stdout
