"""What is refused before anything is paid for."""

from __future__ import annotations

from keras_remote_core import installed
from keras_remote_core.builtin.packaging import missing, payload_check
from keras_remote_core.errors import (
  MissingModules,
  PackagingError,
  PythonMismatch,
)
from keras_remote_core.model import Bundle, Contents, Image, ImageKey, Plan
from keras_remote_core.roles import Reporter


def check_modules(
  bundle: Bundle, key: ImageKey, plan: Plan, report: Reporter
) -> None:
  """Looks for what the job would import and nothing brings along.

  Raises:
    MissingModules: there is some, and the image holds nothing unknown.
  """
  if key.contents is Contents.CLIENT:
    _check_installed(plan, report)
    return
  if found := payload_check.missing_modules(bundle):
    strict = plan.strict and key.contents is Contents.REQUIREMENTS
    _refuse(missing.refusal(found), strict, report)


def check_python(
  bundle: Bundle, image: Image, plan: Plan, report: Reporter
) -> None:
  """Compares the image's Python with the one that packed the code.

  Raises:
    PythonMismatch: they differ, and code travels by value.
  """
  if not bundle.by_value or image.python in (None, bundle.python):
    return
  error = PythonMismatch(
    f"the function's code travels by value from Python {bundle.python}, and"
    f" {image.reference} has Python {image.python}",
    remedy=f"use an image with Python {bundle.python}, or move the function"
    " into a module of the project, or strict=False to try",
  )
  _refuse(error, plan.strict, report)


def _check_installed(plan: Plan, report: Reporter) -> None:
  """What ``requirements=`` asks for must be here, where the job runs here."""
  absent = [line for line in plan.requirements if not installed.has(line)]
  if absent:
    error = MissingModules(
      f"the job runs in this very Python, which lacks {', '.join(absent)}",
      remedy=f"isolated=True, or pip install {' '.join(map(repr, absent))}",
    )
    _refuse(error, plan.strict, report)


def _refuse(error: PackagingError, strict: bool, report: Reporter) -> None:
  if strict:
    raise error
  report.warn(str(error))
