"""Google's APIs on this machine, and somebody who may ask them."""

from __future__ import annotations

import pytest
from google.auth.credentials import AnonymousCredentials

from keras_remote_gcp.credentials import GoogleCredentials


@pytest.fixture
def credentials():
  return GoogleCredentials(
    principal="somebody",
    project="my-project",
    token=lambda: "",
    google=AnonymousCredentials(),
  )
