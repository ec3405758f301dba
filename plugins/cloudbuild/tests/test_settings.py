"""What settings take, and what they refuse with words."""

from __future__ import annotations

import pytest

from keras_remote_cloudbuild.naming import repository
from keras_remote_cloudbuild.settings import CloudBuildSettings
from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.model import Place


@pytest.mark.parametrize(
  ("settings", "said"),
  [
    ({"apt": ("ffmpeg; rm -rf /",)}, "not a Debian package"),
    ({"apt": ("--allow",)}, "not a Debian package"),
    ({"index": "packages"}, "must be a URL"),
    ({"index": 'https://x.com/" && curl'}, "must be a URL"),
    ({"index": "https://x.com/$HOME"}, "must be a URL"),
    ({"index": "https://me:word@x.com/simple"}, "without credentials"),
    ({"machine_type": "E2_HUGE"}, "must be one of E2_MEDIUM"),
    ({"timeout": "2d"}, "at most 24h"),
    ({"repository": "Mine/x"}, "must match regex"),
    ({"region": "us-central1-a"}, "must match regex"),
    ({"service_account": "me"}, "must match regex"),
  ],
)
def test_what_no_build_could_use_is_refused(settings, said):
  with pytest.raises(ValueError, match=said) as caught:
    CloudBuildSettings(**settings)
  assert "word" not in str(caught.value)


def test_images_are_kept_in_the_zones_region_unless_another_is_named():
  place = Place(project="p", zone="europe-west4-b")
  path = "europe-west4-docker.pkg.dev/p/keras-remote"
  assert repository(CloudBuildSettings(), place).path == path
  named = CloudBuildSettings(region="us", repository="team")
  assert repository(named, place).path == "us-docker.pkg.dev/p/team"


def test_a_slash_in_a_package_is_escaped():
  made = repository(CloudBuildSettings(), Place(project="p", zone="us-east1-b"))
  assert made.tag("tpu", "0a") == (
    "projects/p/locations/us-east1/repositories/keras-remote"
    "/packages/jobs%2Ftpu/tags/0a"
  )


def test_the_project_of_the_credentials_will_do():
  place = Place(zone="us-east1-b")
  assert repository(CloudBuildSettings(), place, "own").project == "own"
  with pytest.raises(KerasRemoteError) as caught:
    repository(CloudBuildSettings(), place)
  assert "KERAS_REMOTE_PROJECT" in (caught.value.remedy or "")
