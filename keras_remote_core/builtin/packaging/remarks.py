"""What people should hear about a source tree before it ships."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keras_remote_core.builtin.packaging.survey import Survey

SOURCE_LIMIT = 100_000_000
_SHOWN = 5


def source_warning(survey: Survey) -> str | None:
  """What to say of a tree above 100 MB."""
  if survey.size <= SOURCE_LIMIT:
    return None
  return (
    f"the source tree {survey.root} is {megabytes(survey.size)}; the largest"
    f" files are {listed(survey.largest(_SHOWN))}; name what the job does not"
    " need in .kerasremoteignore"
  )


def source_remarks(survey: Survey) -> Iterator[str]:
  """A line on each kind of thing that a tree has and that does not ship."""
  if survey.secrets:
    yield (
      f"left out, for they look secret: {_names(survey.secrets)} (to ship one,"
      " add it to .kerasremoteignore with a ! in front)"
    )
  if survey.outside:
    yield (
      "left out, for they link to folders outside of"
      f" {survey.root}: {_names(survey.outside)}"
    )


def megabytes(size: int) -> str:
  return f"{size / 1e6:,.1f} MB"


def listed(sizes: Iterable[tuple[str, int]]) -> str:
  """Names with their sizes, as one phrase."""
  return ", ".join(f"{name} ({megabytes(size)})" for name, size in sizes)


def _names(paths: tuple[str, ...]) -> str:
  shown = ", ".join(paths[:_SHOWN])
  more = len(paths) - _SHOWN
  return f"{shown} and {more} more" if more > 0 else shown
