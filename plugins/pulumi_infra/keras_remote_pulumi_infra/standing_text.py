"""How things stand, for people; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_core.cli import printing
from keras_remote_pulumi_infra import pool_rows

_COLUMN = 17
_Record = Mapping[str, Any]


def text(found: _Record) -> str:
  """A line for each part, and below them a table of the pools."""
  rows = [f"{name:<{_COLUMN}}{told}" for name, told in _parts(found)]
  if found["pools"]:
    rows += ["", *_table(found["pools"])]
  return "\n".join(rows)


def _parts(found: _Record) -> Iterator[tuple[str, str]]:
  yield "project", found["project"]
  yield "cluster", f"{found['cluster']}: {_control_plane(found)}"
  yield "stack", f"{found['stack']['state']}: {_stack(found['stack'])}"
  yield "bucket", f"{found['bucket'].get('url', '')}: {_bucket(found)}"
  yield from _inside(found["inside"])
  yield "jobs", _jobs(found["jobs"])
  yield "drift", "keras-remote doctor compares what is there with the stack"


def _control_plane(found: _Record) -> str:
  told = found["control_plane"]
  if told is None:
    return f"there is none in {found['zone']}"
  if "error" in told:
    return _error(told)
  return f"{told['status']} in {told['location']}, {told['version']}"


def _stack(told: _Record) -> str:
  if "error" in told:
    return _error(told)
  if not told["exists"]:
    return "nothing was made by keras-remote"
  locked = told["locked_by"]
  if isinstance(locked, Mapping):
    return _error(locked)
  return f"locked by {locked}" if locked else "there, and not locked"


def _bucket(found: _Record) -> str:
  told = found["bucket"]
  if "error" in told:
    return _error(told)
  return "there" if told["exists"] else "missing"


def _inside(told: Any) -> Iterator[tuple[str, str]]:
  if isinstance(told, Mapping):
    yield "inside", _error(told)
    return
  for each in told:
    detail = f" ({each['detail']})" if each["detail"] else ""
    yield each["kind"], f"{each['name']}: {each['standing']}{detail}"


def _jobs(told: Any) -> str:
  if isinstance(told, Mapping):
    return _error(told)
  count = len({each["job"] for each in told})
  return f"{count} running or waiting" if count else "none"


def _table(pools: list[_Record]) -> list[str]:
  rows = [
    [printing.cell(each.get(name)) for name in pool_rows.COLUMNS]
    for each in pools
  ]
  return printing.aligned([each.upper() for each in pool_rows.COLUMNS], rows)


def _error(told: _Record) -> str:
  fix = f" (fix: {told['remedy']})" if told.get("remedy") else ""
  return f"not known: {told['error']}{fix}"
