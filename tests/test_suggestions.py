from __future__ import annotations

import pytest

from keras_remote_core.errors import UnknownParameter
from keras_remote_core.settings import CoreSettings, run_fields
from keras_remote_core.suggestions import unknown_parameter

KNOWN = run_fields(CoreSettings)


def test_a_misspelt_parameter_answers_with_the_nearest_right_one():
  error = unknown_parameter("acelerator", KNOWN)
  assert isinstance(error, UnknownParameter)
  assert "'acelerator'" in error.message
  assert error.remedy == "write 'accelerator'"


@pytest.mark.parametrize(
  ("name", "extra"),
  [("reservation", "gke"), ("slices", "pathways"), ("apt", "cloudbuild")],
)
def test_a_parameter_of_a_missing_plugin_names_its_extra(name, extra):
  error = unknown_parameter(name, KNOWN)
  assert error.remedy == f'pip install "keras-remote[{extra}]"'


def test_a_misspelt_parameter_of_a_missing_plugin_is_recognised():
  error = unknown_parameter("reservaton", KNOWN)
  assert "'reservaton'" in error.message
  assert "keras-remote[gke]" in str(error)


def test_a_parameter_of_an_installed_plugin_is_only_misspelt():
  error = unknown_parameter("reservaton", [*KNOWN, "reservation"])
  assert error.remedy == "write 'reservation'"


def test_a_name_like_no_other_lists_what_there_is():
  remedy = unknown_parameter("qqqq", KNOWN).remedy
  assert remedy is not None
  assert all(name in remedy for name in KNOWN)
