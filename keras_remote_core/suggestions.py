"""Answers to names that do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keras_remote_core.errors import UnknownParameter

FIRST_PARTY: Mapping[str, str] = {
  "annotations": "gke",
  "apt": "cloudbuild",
  "compute_class": "gke",
  "cpu": "gke",
  "disk": "gke",
  "flex_start": "gke",
  "hosts": "gke",
  "labels": "gke",
  "layout": "pathways",
  "memory": "gke",
  "node_pool": "gke",
  "queue": "gke",
  "reservation": "gke",
  "retries": "gke",
  "service_account": "gke",
  "slices": "pathways",
}
"""Parameters of this project's own plugins, with the extra that brings each."""

COMMANDS: Mapping[str, str] = {
  "dev": "gke",
  "down": "infra",
  "image": "cloudbuild",
  "init": "infra",
  "pool": "infra",
  "status": "infra",
  "up": "infra",
}
"""Their commands, which remedies name also where they are not installed."""


def nearest(name: str, known: Iterable[str]) -> str | None:
  """The known name most like ``name``, or None where none is close."""
  import difflib

  return next(iter(difflib.get_close_matches(name, known, n=1)), None)


def instead(name: str, known: Iterable[str]) -> str | None:
  """What to write in place of ``name``: the nearest, or else one of all."""
  names = sorted(known)
  if close := nearest(name, names):
    return f"write {close!r}"
  return f"write one of {', '.join(names)}" if names else None


def unknown_parameter(
  name: str,
  known: Iterable[str],
  missing_plugins: Mapping[str, str] = FIRST_PARTY,
) -> UnknownParameter:
  """The error for a parameter that ``@run`` does not have.

  Args:
    known: the parameters that it has.
    missing_plugins: parameters of plugins that are not installed, with the
      extra that brings each.
  """
  names = set(known)
  meant = nearest(name, {*names, *missing_plugins})
  if meant is None or meant in names:
    return UnknownParameter(
      f"@run has no parameter {name!r}", remedy=instead(name, names)
    )
  extra = missing_plugins[meant]
  return UnknownParameter(
    f"@run has no parameter {name!r}; {meant!r} comes with a plugin that is "
    "not installed",
    remedy=f'pip install "keras-remote[{extra}]"',
  )
