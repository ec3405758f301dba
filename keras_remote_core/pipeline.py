"""From a call to a job: each step once, in order, overlapping where it can."""

from __future__ import annotations

import datetime
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any

from attrs import evolve

from keras_remote_core import (
  checking,
  chosen,
  concurrency,
  index,
  opening,
  runner_archive,
  staging,
  wire,
)
from keras_remote_core.chosen import Chosen
from keras_remote_core.job import Job
from keras_remote_core.model import (
  Bundle,
  Call,
  Image,
  ImageKey,
  ImageRequest,
  JobEvent,
  JobHandle,
  Plan,
  Staged,
  Submission,
)
from keras_remote_core.registry import Registry
from keras_remote_core.roles import Packager, Preparing, Reporter
from keras_remote_runner import keys

UNBUILT = "sha256:UNBUILT"
"""Stands for a digest that only packing or building would tell."""


def submit(
  call: Call, plan: Plan, registry: Registry, report: Reporter
) -> Job[Any]:
  """Packs, stages and starts a call; returns once the backend has it.

  Raises:
    KerasRemoteError: before anything is started wherever that is possible.
  """
  for note in plan.notes:
    report.note(note)
  with report.step("credentials", plan.authenticator.name):
    made = chosen.load(plan, opening.workdir(), report)
  with tempfile.TemporaryDirectory(dir=made.context.workdir) as folder:
    with report.step("packing"), concurrency.pool(1) as pool:
      preparing = pool.submit(_prepare, plan, made)
      bundle = _pack(call, plan, made, Path(folder))
      preparing.result()
    submission = stage(plan, bundle, made, report)
  handle = _record(submission, bundle, made)
  _start(submission, handle, made, report)
  now = datetime.datetime.now(datetime.UTC)
  registry.notify(JobEvent(name="submitted", handle=handle, time=now))
  return Job(
    handle=handle,
    backend=made.backend,
    store=made.store,
    reader=chosen.make(plan.result_reader, made.context),
    registry=registry,
  )


def _prepare(plan: Plan, made: Chosen) -> None:
  if isinstance(made.backend, Preparing):
    made.backend.prepare(plan)


def _pack(call: Call, plan: Plan, made: Chosen, folder: Path) -> Bundle:
  context = evolve(made.context, workdir=folder)
  packager: Packager = chosen.make(plan.packager, context)
  bundle = packager(call, plan)
  key = image_key(plan, made, bundle.requirements)
  checking.check_modules(bundle, key, plan, context.report)
  return bundle


def _start(
  submission: Submission, handle: JobHandle, made: Chosen, report: Reporter
) -> None:
  name = submission.plan.backend.name
  try:
    with report.step("submit", f"{name} as {handle.job_id}"):
      made.backend.submit(submission, handle)
  except BaseException:
    # Whether it started is not known here, but its handle is recorded.
    report.warn(
      f"job {handle.job_id} may have started; see with: keras-remote jobs"
      f" status {handle.job_id}"
    )
    raise


def image_key(
  plan: Plan, made: Chosen, requirements: tuple[str, ...]
) -> ImageKey:
  """What the image would be, as far as it can be told offline."""
  return made.image_builder.key(_request(plan, requirements))


def unbuilt(
  plan: Plan, made: Chosen, requirements: tuple[str, ...]
) -> Submission:
  """A submission as it would be, for ``Backend.render``; nothing is done."""
  reference = image_key(plan, made, requirements).reference
  staged = Staged(
    manifest_key=keys.manifest(plan.job_id), manifest_sha256=UNBUILT
  )
  image = Image(reference=reference)
  return _submission(plan, image, staged, requirements, bytes(32))


def stage(
  plan: Plan, bundle: Bundle, made: Chosen, report: Reporter
) -> Submission:
  """Uploads a bundle while its image is made; nothing is started."""
  with concurrency.pool(1) as pool:
    uploading = pool.submit(staging.upload, bundle.blobs, made.store)
    with report.step("image", plan.image_builder.name):
      image = made.image_builder.build(_request(plan, bundle.requirements))
      checking.check_python(bundle, image, plan, report)
    with report.step("upload", plan.store.url):
      sent = uploading.result()
      manifest = staging.manifest(plan, bundle, image)
      staged = staging.stage(manifest, made.store)
  report.note(f"sent {sent:,} bytes of {sum(b.size for b in bundle.blobs):,}")
  key = secrets.token_bytes(32)
  return _submission(plan, image, staged, bundle.requirements, key)


def _submission(
  plan: Plan,
  image: Image,
  staged: Staged,
  requirements: tuple[str, ...],
  key: bytes,
) -> Submission:
  assert plan.store.provider.remote is not None
  runner = runner_archive.pack(plan.store.provider.remote)
  return Submission(
    plan=plan,
    image=image,
    staged=staged,
    arguments=(
      "run",
      f"--store={plan.store.url}",
      f"--job={plan.job_id}",
      f"--manifest={staged.manifest_sha256}",
    ),
    runner=runner.data,
    runner_sha256=runner.sha256,
    key=key,
    requirements=requirements,
    secrets=dict(plan.environment.secrets),
  )


def _record(submission: Submission, bundle: Bundle, made: Chosen) -> JobHandle:
  """Makes the job findable before there is anything to lose."""
  handle = made.backend.handle(submission)
  made.store.write(keys.handle(handle.job_id), wire.encode(handle), True)
  # Where the source lies here is for this machine only.
  handle = evolve(handle, root=str(bundle.root) if bundle.root else None)
  index.remember(handle, submission.key)
  return handle


def _request(plan: Plan, requirements: tuple[str, ...]) -> ImageRequest:
  return ImageRequest(
    image=plan.image,
    requirements=requirements,
    python=f"{sys.version_info.major}.{sys.version_info.minor}",
    kind=plan.resources.accelerator.kind,
  )
