"""What Google's libraries raise is told with what helps."""

from __future__ import annotations

import pytest
from google.api_core import exceptions
from google.auth.exceptions import RefreshError

from keras_remote_cloudbuild import failures
from keras_remote_cloudbuild.errors import ImageError, NotAllowed
from keras_remote_cloudbuild.naming import Repository
from keras_remote_core.errors import MissingCredentials


@pytest.mark.parametrize(
  ("raised", "kind", "remedy"),
  [
    (RefreshError("expired"), MissingCredentials, "application-default login"),
    (exceptions.ServiceUnavailable("busy"), ImageError, "try again"),
    (exceptions.Forbidden("no"), NotAllowed, "--role=roles/some"),
    (
      exceptions.Forbidden("Cloud Build API is disabled"),
      NotAllowed,
      "services enable",
    ),
  ],
)
def test_each_failure_has_the_remedy_that_fits(raised, kind, remedy):
  place = Repository(project="p", region="us-central1", name="keras-remote")
  with (
    pytest.raises(kind) as caught,
    failures.told("start a build", place, "roles/some"),
  ):
    raise raised
  assert remedy in caught.value.remedy
