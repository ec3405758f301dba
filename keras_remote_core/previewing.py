"""What a call would do, without doing any of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from keras_remote_core import chosen, opening, pipeline, plan_text, reporting
from keras_remote_core.builtin.packaging import preview as packaging
from keras_remote_core.model import Plan
from keras_remote_core.roles import Context


@frozen(kw_only=True)
class Preview:
  """A plan with what would ship, printable.

  Args:
    image: the reference that would run; it may not exist yet.
    objects: what the backend would create.
  """

  plan: Plan
  image: str
  source: packaging.Preview
  objects: Sequence[Mapping[str, Any]] = field(repr=False)

  def __str__(self) -> str:
    return plan_text.table(self.plan, self.image, self.source)

  def __repr__(self) -> str:
    return f"<Preview of {self.plan.job_id} on {self.plan.backend.name}>"

  def as_dict(self) -> dict[str, Any]:
    """The same as plain data; environment and secrets by name only."""
    return plan_text.document(self.plan, self.image, self.source)

  def manifests(self) -> str:
    """The backend's objects as JSON."""
    return json.dumps(list(self.objects), indent=2, sort_keys=True)


def preview(function: Callable[..., Any], plan: Plan) -> Preview:
  """Looks at what would ship, and asks the backend what it would create."""
  made = _offline(plan)
  source = packaging.preview(plan, function)
  submission = pipeline.unbuilt(plan, made, source.requirements)
  key = pipeline.image_key(plan, made, source.requirements)
  return Preview(
    plan=evolve(plan, notes=(*plan.notes, *key.notes)),
    image=submission.image.reference or "",
    source=source,
    objects=made.backend.render(submission),
  )


def _offline(plan: Plan) -> chosen.Chosen:
  """The providers without credentials; nothing may be asked of the world."""
  context = Context(
    store_url=plan.store.url,
    workdir=opening.workdir(),
    report=reporting.Silent(),
    place=plan.place,
  )
  return chosen.around(plan, context)
