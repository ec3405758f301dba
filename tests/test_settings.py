from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import pytest
from attrs import Factory, frozen, validators

from keras_remote_core.errors import InvalidSetting
from keras_remote_core.resolving import Sources, Table, resolve
from keras_remote_core.settings import CoreSettings, owner, run_fields, setting


@frozen(kw_only=True)
class Shared:
  project: str | None = setting(None, "the project of the service", run=True)


@frozen(kw_only=True)
class Service(Shared):
  retries: int = setting(
    0, "how often to try again", run=True, validator=validators.ge(0)
  )
  ratio: float = setting(0.5, "a share")
  labels: Mapping[str, str] = setting(Factory(dict), "labels")
  token: str | None = setting(
    None,
    "a token",
    secret=True,
    validator=validators.optional(validators.min_len(9)),
  )
  region: str = setting("eu", "the region", env="SERVICE_REGION")


@frozen(kw_only=True)
class Other(Shared):
  project: str | None = setting("mine", "another default", run=True)


def core(**sources):
  return resolve(CoreSettings, Sources(**sources))


def file(values, origin="/src/pyproject.toml"):
  return Table(origin=origin, values=values)


FILES = (file({"project": "c"}, "profile work"), file({"project": "d"}))
ALL = {
  "arguments": {"project": "a"},
  "environ": {"KERAS_REMOTE_PROJECT": "b"},
  "tables": FILES,
}


@pytest.mark.parametrize(
  ("without", "value", "origin"),
  [
    ((), "a", "argument"),
    (("arguments",), "b", "KERAS_REMOTE_PROJECT"),
    (("arguments", "environ"), "c", "profile work"),
    (("arguments", "environ", "tables"), None, "default"),
  ],
)
def test_the_first_source_that_answers_wins_and_is_named(
  without, value, origin
):
  left = {name: held for name, held in ALL.items() if name not in without}
  resolved = core(**left)
  assert (resolved.value.project, resolved.origins["project"]) == (
    value,
    origin,
  )


def test_pyproject_answers_after_the_profile():
  resolved = core(tables=FILES[1:])
  assert resolved.value.project == "d"
  assert resolved.origins["project"] == "/src/pyproject.toml"
  assert resolved.origins["zone"] == "default"


def test_an_empty_variable_counts_as_unset():
  assert core(environ={"KERAS_REMOTE_ZONE": ""}).value.zone == "us-central1-a"


def test_a_variable_can_have_a_name_of_its_own():
  environ = {"KERAS_REMOTE_GKE_NAMESPACE": "team", "SERVICE_REGION": "us"}
  assert core(environ=environ).value.namespace == "team"
  sources = Sources(environ=environ)
  assert resolve(Service, sources, "service").value.region == "us"


def test_a_provider_reads_its_own_section_of_every_source():
  sources = Sources(
    arguments={"retries": 3},
    environ={"KERAS_REMOTE_MY_SERVICE_RATIO": "0.25"},
    tables=(file({"project": "core's", "my-service": {"project": "p"}}),),
  )
  resolved = resolve(Service, sources, "my-service")
  assert resolved.value == Service(retries=3, ratio=0.25, project="p")
  assert resolved.origins["ratio"] == "KERAS_REMOTE_MY_SERVICE_RATIO"


def test_only_parameters_of_run_are_taken_from_arguments():
  sources = Sources(arguments={"region": "us", "retries": 1})
  assert resolve(Service, sources, "service").value == Service(retries=1)


def test_a_subtable_of_a_plugin_that_is_not_installed_is_ignored():
  assert core(tables=(file({"absent": {"x": 1}}),)).value == CoreSettings()


def test_an_unknown_key_answers_with_the_nearest_right_one():
  with pytest.raises(InvalidSetting, match=r"'projct'[\s\S]*write 'project'"):
    core(tables=(file({"projct": "p"}),))
  sources = Sources(tables=(file({"service": {"retrys": 1}}),))
  with pytest.raises(InvalidSetting, match=r"of service[\s\S]*'retries'"):
    resolve(Service, sources, "service")


def test_a_section_that_is_no_table_is_refused():
  sources = Sources(tables=(file({"service": 3}),))
  with pytest.raises(InvalidSetting, match=r"pyproject.*service must be a tab"):
    resolve(Service, sources, "service")


def test_a_bad_value_is_answered_with_its_source_and_what_is_accepted():
  with pytest.raises(InvalidSetting) as caught:
    core(environ={"KERAS_REMOTE_TIMEOUT": "soon"})
  for part in ("timeout = 'soon'", "KERAS_REMOTE_TIMEOUT", "1h30m"):
    assert part in str(caught.value)
  sources = Sources(tables=(file({"service": {"retries": -1}}, "profile w"),))
  with pytest.raises(InvalidSetting, match=r"service\.retries = -1 .profile w"):
    resolve(Service, sources, "service")


@pytest.mark.parametrize(
  ("cls", "environ"),
  [
    (CoreSettings, {"KERAS_REMOTE_SECRETS": "HF_TOKEN=s3cret"}),
    (CoreSettings, {"KERAS_REMOTE_ENV": "s3cret"}),
    (Service, {"KERAS_REMOTE_TOKEN": "s3cret"}),
  ],
)
def test_a_refused_value_that_may_be_secret_is_not_shown(cls, environ):
  with pytest.raises(InvalidSetting) as caught:
    resolve(cls, Sources(environ=environ))
  assert next(iter(environ)) in str(caught.value)
  for value in environ.values():
    assert repr(value) not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_secrets_are_refused_in_files_and_the_variable_is_named():
  with pytest.raises(InvalidSetting, match="KERAS_REMOTE_SECRETS") as caught:
    core(tables=(file({"secrets": {"A": "s3cret"}}),))
  assert "s3cret" not in str(caught.value)


def test_secrets_are_names_or_names_with_values_and_never_shown():
  named = core(environ={"KERAS_REMOTE_SECRETS": "A, B"}).value
  assert named.secrets == ("A", "B")
  given = core(
    arguments={"secrets": {"A": "s3cret"}, "env": {"API_KEY": "s3cret"}}
  ).value
  assert given.secrets == {"A": "s3cret"}
  assert "s3cret" not in repr(given)


@pytest.mark.parametrize(
  ("field", "name"),
  [
    ("capture_env_vars", "*"),
    ("capture_env_vars", "A*B"),
    ("capture_env_vars", "1ST"),
    ("env", "MY-VAR"),
    ("env", ""),
    ("env", "KERAS_REMOTE_KEY"),
    ("capture_env_vars", "KERAS_REMOTE_KEY"),
    ("secrets", "KERAS_REMOTE_KEY"),
    ("secrets", "A*"),
  ],
)
def test_names_no_environment_can_carry_are_refused(field, name):
  value = {name: "x"} if field == "env" else [name]
  with pytest.raises(InvalidSetting, match=rf"^{field}"):
    core(arguments={field: value})


def test_every_core_setting_is_a_parameter_of_run():
  assert run_fields(CoreSettings).keys() == {
    *("accelerator", "backend", "store", "project", "zone", "cluster"),
    *("namespace", "container_image", "capture_env_vars", "env", "secrets"),
    *("requirements", "timeout", "pending_timeout", "strict"),
  }
  assert list(run_fields(Service)) == ["project", "retries"]


def test_a_field_belongs_to_the_class_that_declares_it():
  assert owner(Service, "project") is Shared
  assert owner(Service, "retries") is Service
  assert owner(Other, "project") is Other
  with pytest.raises(KeyError):
    owner(Other, "nothing")


def test_defaults_alone_import_no_converter():
  code = (
    "import sys\n"
    "from keras_remote_core.resolving import Sources, resolve\n"
    "from keras_remote_core.settings import CoreSettings\n"
    "resolve(CoreSettings, Sources())\n"
    "sys.exit('cattrs' in sys.modules)"
  )
  subprocess.run([sys.executable, "-c", code], check=True)
