"""Images found, built, waited for and failed, by Google's own clients."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from keras_remote_cloudbuild.errors import (
  BuildFailed,
  ImageError,
  NotAllowed,
  Unresolvable,
)
from keras_remote_cloudbuild.testing import Course, Fault
from keras_remote_core.errors import InvalidRequirement, KerasRemoteError


def built(site):
  return site.images.builds.builds


def test_the_first_call_builds_and_every_later_one_finds(site):
  first, second = site(), site()
  image = first.build("keras")
  assert image == second.build("keras") == first.build("keras")
  assert len(built(first)) == 1
  path = "us-central1-docker.pkg.dev/emulated-project/keras-remote/jobs/cpu"
  assert image.reference.startswith(f"{path}@sha256:")
  assert (image.python, image.install) == ("3.12", "nothing")


def test_a_found_image_costs_a_handful_of_calls(site):
  made = site()
  made.build("keras")
  before = len(made.images.calls)
  site().build("keras")
  assert made.images.calls[before:] == ["GetTag"]


def test_a_changed_pin_builds_anew_and_says_why(site):
  site().build("keras==3.14.0", "rich")
  later = site()
  later.build("keras==3.15.0", "rich")
  assert len(built(later)) == 2
  assert (
    "image: requirements: keras==3.14.0 → keras==3.15.0" in later.heard.notes
  )
  assert "image: packages: keras 3.14.0 → 3.15.0" in later.heard.notes


def test_a_newer_version_on_the_index_changes_nothing_by_itself(site, index):
  image = site().build("keras")
  index("keras==3.16.0")
  assert site().build("keras") == image
  made = site()
  made.builder.upgrade(made.request("keras"))
  assert made.build("keras") != image
  assert "image: packages: keras 3.15.0 → 3.16.0" in made.heard.notes


def test_what_is_built_holds_no_client(site):
  made = site()
  made.build("keras", kind="tpu")
  (build,) = built(made)
  source = build.source.storage_source
  assert made.storage.objects(source.bucket)[source.object_]
  recipe = made.builder.recipe(made.request("keras", kind="tpu"))
  assert set(recipe.lock.versions) == {"jax", "keras", "libtpu"}


def test_the_tag_is_known_offline_once_it_was_resolved(site):
  made = site()
  request = made.request("keras")
  assert ":UNRESOLVED-" in made.builder.key(request).reference
  made.build("keras")
  key = site().builder.key(request)
  assert "UNRESOLVED" not in key.reference
  assert "keras==3.15.0" in key.inputs["lock"]


def test_the_log_is_told_while_the_build_runs(site, until):
  made, release = site(), threading.Event()
  made.images.courses.append(Course(lines=("one", "two"), until=release))
  with ThreadPoolExecutor(1) as pool:
    building = pool.submit(made.build, "keras")
    until(lambda: 'build | Step #2 - "build": two' in made.heard.notes)
    assert not building.done()
    release.set()
    building.result()
  told = [note for note in made.heard.notes if note.startswith("build | ")]
  assert told == [
    f'build | Step #2 - "build": {line}' for line in ("one", "two")
  ]


def test_machines_that_need_the_same_image_build_it_once(site, until):
  sites, release = [site() for _ in range(4)], threading.Event()
  sites[0].images.courses.append(Course(until=release))
  with ThreadPoolExecutor(4) as pool:
    building = [pool.submit(each.build, "keras") for each in sites]
    until(lambda: sum("waiting" in str(s.heard.notes) for s in sites) == 3)
    release.set()
    references = {each.result().reference for each in building}
  assert len(references) == 1
  assert len(built(sites[0])) == 1
  assert sites[0].stored("leases") == []


def test_a_build_that_fails_shows_its_last_lines_and_its_page(site):
  made = site()
  lines = tuple(f"line {number}" for number in range(30))
  made.images.courses.append(Course(status="FAILURE", lines=lines))
  with pytest.raises(BuildFailed, match="failed in the step 'build'") as caught:
    made.build("keras")
  text = str(caught.value)
  assert "line 29" in text
  assert "line 9\n" not in text
  assert "https://console.example.com/builds/build-1" in text
  assert made.stored("leases") == []
  assert made.build("keras").reference


@pytest.mark.parametrize(
  ("status", "said", "remedy"),
  [
    ("TIMEOUT", "ran past its time limit", "CLOUDBUILD_TIMEOUT"),
    ("INTERNAL_ERROR", "broke down inside Cloud Build", "try again"),
    ("EXPIRED", "waited too long for a machine", "CLOUDBUILD_REGION"),
  ],
)
def test_each_way_to_end_badly_has_its_words(site, status, said, remedy):
  made = site()
  made.images.courses.append(Course(status=status))
  with pytest.raises(BuildFailed, match=said) as caught:
    made.build("keras")
  assert remedy in (caught.value.remedy or "")


def test_a_cancelled_build_is_told(site, until):
  made, release = site(), threading.Event()
  made.images.courses.append(Course(until=release))
  with ThreadPoolExecutor(1) as pool:
    building = pool.submit(made.build, "keras")
    until(lambda: [b.status.name for b in built(made)] == ["WORKING"])
    made.images.builds.cancel(built(made)[0])
    with pytest.raises(BuildFailed, match="was cancelled"):
      building.result()
    release.set()


@pytest.mark.parametrize("method", ["GetTag", "GetRepository", "CreateBuild"])
def test_a_refusal_is_no_reason_to_build(site, method):
  made = site()
  made.images.faults.inject(Fault(method=method, code="PERMISSION_DENIED"))
  with pytest.raises(NotAllowed, match="not allowed to") as caught:
    made.build("keras")
  assert "add-iam-policy-binding" in (caught.value.remedy or "")
  assert built(made) == []
  assert made.stored("leases") == []


def test_a_disabled_api_is_told_with_the_command_that_enables_it(site):
  made = site()
  made.images.faults.inject(
    Fault(
      method="GetTag",
      code="PERMISSION_DENIED",
      message="API has not been used in project 1 before or it is disabled",
    )
  )
  with pytest.raises(NotAllowed) as caught:
    made.build("keras")
  assert "gcloud services enable" in (caught.value.remedy or "")


@pytest.mark.parametrize(
  "method", ["GetTag", "GetRepository", "ListBuilds", "CreateBuild", "GetBuild"]
)
def test_a_service_that_is_away_for_a_moment_costs_nothing(site, method):
  made = site()
  made.builder.builds.retry_interval = 0.0
  made.images.faults.inject(Fault(method=method, code="UNAVAILABLE", times=2))
  assert made.build("keras").reference
  assert len(built(made)) == 1


def test_a_build_whose_answer_got_lost_is_not_started_twice(site, until):
  made, release = site(), threading.Event()
  made.builder.builds.retry_interval = 0.0
  made.images.courses.append(Course(until=release))
  made.images.faults.inject(
    Fault(method="CreateBuild", code="UNAVAILABLE", after=True)
  )
  with ThreadPoolExecutor(1) as pool:
    building = pool.submit(made.build, "keras")
    until(lambda: "GetBuild" in made.images.calls)
    release.set()
    building.result()
  assert len(built(made)) == 1


def test_a_build_whose_starter_is_gone_is_followed(site, until):
  made, other, release = site(), site(), threading.Event()
  made.images.courses.append(Course(until=release))

  def interrupted(text):
    note(text)
    if text.startswith("building: "):
      raise KeyboardInterrupt

  note, made.heard.note = made.heard.note, interrupted
  with pytest.raises(KeyboardInterrupt):
    made.build("keras")
  assert "the build goes on: " in made.heard.notes[-1]
  with ThreadPoolExecutor(1) as pool:
    building = pool.submit(other.build, "keras")
    until(lambda: "GetBuild" in made.images.calls)
    release.set()
    building.result()
  assert len(built(made)) == 1


def test_a_missing_repository_is_told_before_anything_is_uploaded(site):
  made = site(repository="absent")
  with pytest.raises(ImageError, match="no Artifact Registry repo") as caught:
    made.build("keras")
  assert "gcloud artifacts repositories create absent" in str(caught.value)
  assert made.stored("contexts") == []


def test_requirements_that_do_not_go_together_are_told_before_a_build(site):
  made = site()
  with pytest.raises(Unresolvable, match="keras==99") as caught:
    made.build("keras==99")
  assert "no version of keras==99" in caught.value.message
  assert made.images.calls == []


def test_a_jax_without_the_accelerators_plugin_is_refused(site):
  with pytest.raises(InvalidRequirement, match="brings nothing for a GPU"):
    site().build("keras", kind="gpu")


def test_a_context_that_somebody_swaps_is_not_built(site):
  made = site()
  write = made.builder.store.write

  def swapping(key, data, only_if_absent=False):
    swapped = data[:-8] if "contexts" not in key else _other_archive()
    write(key, swapped if "contexts" in key else data, only_if_absent)

  made.builder.store.write = swapping
  with pytest.raises(BuildFailed, match="in the step 'verify'") as caught:
    made.build("keras")
  assert "did NOT match" in str(caught.value)


def _other_archive():
  from keras_remote_cloudbuild.archive import pack

  return pack({"Dockerfile": b"FROM evil\n"})


def test_a_lock_that_somebody_swaps_is_not_believed(site):
  made = site()
  made.build("keras")
  (key,) = made.stored("locks")
  for text in (b"-r /etc/passwd\n", b"rich==15.0\n", b"\xff", b"keras @ x\n"):
    made.storage.overwrite(
      "emulated-project-keras-remote-keras-remote", key, text
    )
    with pytest.raises(ImageError, match="no lock of these") as caught:
      made.build("keras")
    assert "--upgrade" in (caught.value.remedy or "")
  made.builder.upgrade(made.request("keras"))
  assert made.build("keras").reference


def test_a_store_that_cloud_build_cannot_read_is_refused(site):
  from attrs import evolve

  from keras_remote_cloudbuild.builder import CloudBuild
  from keras_remote_cloudbuild.settings import CloudBuildSettings
  from keras_remote_core.testing import MemoryStore

  made = site()
  context = evolve(
    made.builder._context, store_url="memory://x", store=MemoryStore()
  )
  builder = CloudBuild(CloudBuildSettings(), context)
  with pytest.raises(ImageError, match="cannot read the store") as caught:
    builder.build(made.request("keras"))
  assert "gs://" in (caught.value.remedy or "")


def test_who_builds_where_and_how_long_is_a_setting(site):
  made = site(
    url="gs://emulated-project-keras-remote-keras-remote/team",
    machine_type="E2_MEDIUM",
    service_account="builder@emulated-project.iam.gserviceaccount.com",
    timeout="30m",
    apt=("ffmpeg",),
  )
  made.build("keras")
  (build,) = built(made)
  assert build.options.machine_type.name == "E2_MEDIUM"
  assert build.service_account.startswith("projects/emulated-project/service")
  assert build.timeout.total_seconds() == 1800
  assert build.logs_bucket.endswith(
    "keras-remote-keras-remote/team/images/logs"
  )
  assert build.source.storage_source.object_.startswith("team/images/contexts/")
  assert any("build | " in note for note in made.heard.notes)


def test_an_empty_image_is_an_image(site):
  assert site().build().reference


def test_a_python_without_a_base_image_is_told(site):
  made = site()
  from attrs import evolve

  with pytest.raises(KerasRemoteError, match=r"no base image with Python 3\.9"):
    made.builder.key(evolve(made.request(), python="3.9"))
