"""A plan and what ships with it, for people and as plain data; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_core.builtin.packaging.preview import Preview
from keras_remote_core.model import Choice, Plan

_STEPS = (
  "backend",
  "authenticator",
  "packager",
  "image_builder",
  "store",
  "result_reader",
)


def table(plan: Plan, image: str, source: Preview) -> str:
  """A line per decision."""
  rows = [*_decisions(plan), ("image", image), *_source(source), *_limits(plan)]
  return "\n".join(f"{name:<15}{text}" for name, text in rows)


def document(plan: Plan, image: str, source: Preview) -> dict[str, Any]:
  """The same as JSON values; environment and secrets by name only."""
  return {
    "job_id": plan.job_id,
    "function": plan.function,
    "accelerator": plan.resources.accelerator.name,
    "spot": plan.resources.spot,
    **{step: _choice(getattr(plan, step)) for step in _STEPS},
    "store_url": plan.store.url,
    "image": image,
    "source": {
      "root": str(source.root) if source.root else None,
      "files": source.files,
      "bytes": source.size,
      "largest": [list(each) for each in source.largest],
      "left_out": [*source.secrets, *source.outside],
    },
    "requirements": list(source.requirements),
    "env": sorted(plan.environment.plain),
    "secrets": sorted(plan.environment.secrets),
    "timeout": plan.timeout,
    "pending_timeout": plan.pending_timeout,
    "processes": plan.processes,
    "attempts": plan.attempts,
    "notes": list(plan.notes),
  }


def _decisions(plan: Plan) -> Iterator[tuple[str, str]]:
  yield "job", plan.job_id
  yield "function", plan.function
  yield "accelerator", _accelerator(plan)
  for step in _STEPS:
    choice = getattr(plan, step)
    yield step.replace("_", " "), f"{choice.name} ({choice.why})"
  yield "store url", plan.store.url


def _source(source: Preview) -> Iterator[tuple[str, str]]:
  yield "source", str(source.root or "none ships")
  if source.root:
    yield "", f"{source.files} files, {source.size:,} bytes"
  for path, size in source.largest:
    yield "", f"{size:>12,}  {path}"
  for path in (*source.secrets, *source.outside):
    yield "left out", path
  yield "requirements", ", ".join(source.requirements) or "none"


def _limits(plan: Plan) -> Iterator[tuple[str, str]]:
  yield "environment", _names(plan.environment.plain)
  yield "secrets", _names(plan.environment.secrets)
  yield "timeout", _limit(plan.timeout)
  yield "pending limit", _limit(plan.pending_timeout)
  for note in plan.notes:
    yield "note", note


def _choice(choice: Choice) -> dict[str, str]:
  return {"name": choice.name, "why": choice.why}


def _accelerator(plan: Plan) -> str:
  made = plan.resources.accelerator
  unit = {"tpu": "TPU chip", "gpu": "GPU"}.get(made.kind, "CPU")
  units = unit if made.chips == 1 else f"{unit}s"
  told = f"{made.name}: {made.chips or 'any number of'} {units}"
  if made.hosts > 1:
    told += f" on {made.hosts} hosts"
  return f"{told}, spot" if plan.resources.spot else told


def _names(values: Mapping[str, str]) -> str:
  return ", ".join(sorted(values)) or "none"


def _limit(seconds: float | None) -> str:
  return "none" if seconds is None else f"{seconds:g} s"
