from __future__ import annotations

import base64

import pytest
from kubernetes.client import ApiException

from keras_remote_gke.testing.control import quantities

JOBS = "/apis/batch/v1/namespaces/default/jobs"
MAPS = "/api/v1/namespaces/default/configmaps"


def config_map(name="map", **more):
  return {"metadata": {"name": name, **more}, "data": {"key": "value"}}


def test_what_is_created_can_be_read_listed_and_deleted(kube):
  created = kube.core.create_namespaced_config_map("default", config_map())
  read = kube.core.read_namespaced_config_map("map", "default")
  assert read == created
  assert read.metadata.uid
  assert read.metadata.creation_timestamp
  listed = kube.core.list_namespaced_config_map("default")
  names = [each.metadata.name for each in listed.items]
  assert names == ["kube-root-ca.crt", "map"]
  status, deleted = kube.call("DELETE", f"{MAPS}/map")
  assert (status, deleted["status"]) == (200, "Success")
  assert deleted["details"]["uid"] == created.metadata.uid
  with pytest.raises(ApiException, match="404"):
    kube.core.read_namespaced_config_map("map", "default")


def test_what_is_not_there_is_told_as_by_kubernetes(kube):
  status, told = kube.call("GET", f"{JOBS}/none")
  assert status == 404
  assert told == {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Failure",
    "message": 'jobs.batch "none" not found',
    "reason": "NotFound",
    "details": {"name": "none", "group": "batch", "kind": "jobs"},
    "code": 404,
  }


def test_a_name_that_is_taken_is_a_conflict(kube):
  kube.call("POST", MAPS, config_map())
  status, told = kube.call("POST", MAPS, config_map())
  assert (status, told["reason"]) == (409, "AlreadyExists")
  assert told["message"] == 'configmaps "map" already exists'


def test_a_namespace_has_to_exist(kube):
  path = "/api/v1/namespaces/nowhere/configmaps"
  status, told = kube.call("POST", path, config_map())
  assert (status, told["message"]) == (404, 'namespaces "nowhere" not found')
  assert kube.call("GET", path)[1]["items"] == []


def test_a_body_of_another_namespace_is_refused(kube):
  status, told = kube.call("POST", MAPS, config_map(namespace="other"))
  assert status == 400
  assert told["message"] == (
    "the namespace of the provided object does not match the namespace sent on"
    " the request"
  )


def test_bad_names_are_invalid_with_their_field(kube):
  status, told = kube.call("POST", MAPS, config_map("Bad_Name"))
  assert (status, told["reason"]) == (422, "Invalid")
  assert told["message"].startswith(
    'ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name":'
    " a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
  )
  assert told["details"]["causes"][0]["field"] == "metadata.name"


def test_a_job_is_filled_in_as_by_kubernetes(kube):
  made = kube.job("pass")
  spec, uid = made["spec"], made["metadata"]["uid"]
  labels = {
    "job-name": "job",
    "batch.kubernetes.io/job-name": "job",
    "controller-uid": uid,
    "batch.kubernetes.io/controller-uid": uid,
  }
  assert spec["template"]["metadata"]["labels"] == labels
  assert made["metadata"]["labels"] == labels
  assert made["metadata"]["generation"] == 1
  assert spec["selector"] == {
    "matchLabels": {"batch.kubernetes.io/controller-uid": uid}
  }
  assert spec["completions"] == spec["parallelism"] == 1
  assert spec["completionMode"] == "NonIndexed"
  assert spec["suspend"] is spec["manualSelector"] is False
  assert spec["podReplacementPolicy"] == "TerminatingOrFailed"
  assert made["status"] == {}
  template = spec["template"]["spec"]
  assert template["dnsPolicy"] == "ClusterFirst"
  assert template["schedulerName"] == "default-scheduler"
  assert template["terminationGracePeriodSeconds"] == 30
  container = template["containers"][0]
  assert container["imagePullPolicy"] == "IfNotPresent"
  assert container["terminationMessagePath"] == "/dev/termination-log"


def test_a_dry_run_leaves_nothing(kube):
  status, told = kube.call("POST", f"{JOBS}?dryRun=All", kube.body("pass"))
  assert (status, told["spec"]["parallelism"]) == (201, 1)
  assert kube.cluster.objects("jobs") == []


def test_unknown_fields_are_refused_on_request_and_left_out_otherwise(kube):
  body = kube.body("pass")
  body["spec"]["template"]["spec"]["containers"][0]["comand"] = ["x"]
  status, told = kube.call("POST", f"{JOBS}?fieldValidation=Strict", body)
  assert status == 400
  assert told["message"] == (
    'Job in version "v1" cannot be handled as a Job: strict decoding error:'
    ' unknown field "spec.template.spec.containers[0].comand"'
  )
  status, told = kube.call("POST", JOBS, body)
  assert status == 201
  assert "comand" not in told["spec"]["template"]["spec"]["containers"][0]


def test_a_value_of_a_wrong_type_is_refused(kube):
  status, told = kube.call("POST", JOBS, kube.body("pass", parallelism="one"))
  assert status == 400
  assert told["message"] == (
    'Job in version "v1" cannot be handled as a Job: json: cannot unmarshal'
    " string into Go struct field JobSpec.spec.parallelism of type int32"
  )


def test_a_jobs_template_stays_as_it_was(kube):
  kube.job("pass", suspend=True)
  kube.call(
    "PATCH",
    f"{JOBS}/job",
    {"spec": {"suspend": False}},
    **{"Content-Type": "application/merge-patch+json"},
  )
  kube.ended()
  patch = {"spec": {"template": {"spec": {"restartPolicy": "OnFailure"}}}}
  kind = {"Content-Type": "application/merge-patch+json"}
  status, told = kube.call("PATCH", f"{JOBS}/job", patch, **kind)
  assert status == 422
  assert told["message"].endswith(": field is immutable")
  assert told["details"]["causes"][0]["field"] == "spec.template"


@pytest.mark.parametrize(
  ("spec", "field"),
  [
    ({"pod": {"restartPolicy": "Always"}}, "spec.template.spec.restartPolicy"),
    ({"backoffLimit": -1}, "spec.backoffLimit"),
    ({"completionMode": "Indexed", "completions": None}, "spec.completions"),
    (
      {
        "pod": {
          "container": {"volumeMounts": [{"name": "x", "mountPath": "/x"}]}
        }
      },
      "spec.template.spec.containers[0].volumeMounts[0].name",
    ),
    (
      {
        "pod": {"container": {"resources": {"requests": {"google.com/tpu": 4}}}}
      },
      "spec.template.spec.containers[0].resources.limits",
    ),
  ],
)
def test_what_no_job_may_say_is_named_by_its_field(kube, spec, field):
  if "completionMode" in spec:
    spec = {"completionMode": "Indexed", "parallelism": 1}
  status, told = kube.call("POST", JOBS, kube.body("pass", **spec))
  assert status == 422, told
  assert field in [each["field"] for each in told["details"]["causes"]]


def test_secrets_take_plain_strings_and_give_base64(kube):
  body = {"metadata": {"name": "s"}, "stringData": {"key": "välue"}}
  kube.core.create_namespaced_secret("default", body)
  read = kube.core.read_namespaced_secret("s", "default")
  assert read.type == "Opaque"
  assert base64.b64decode(read.data["key"]).decode() == "välue"


def test_a_config_map_holds_a_mebibyte_and_no_more(kube):
  body = config_map()
  body["binaryData"] = {"f": base64.b64encode(b"x" * (2**20 - 5)).decode()}
  assert kube.call("POST", MAPS, body)[0] == 201
  body = config_map("large")
  body["binaryData"] = {"f": base64.b64encode(b"x" * 2**20).decode()}
  status, told = kube.call("POST", MAPS, body)
  assert status == 422
  assert "may not be more than 1048576 bytes" in told["message"]


def test_what_is_immutable_stays_so(kube):
  kube.call("POST", MAPS, {**config_map(), "immutable": True})
  with pytest.raises(ApiException, match="field is immutable when"):
    kube.core.patch_namespaced_config_map(
      "map", "default", {"data": {"a": "b"}}
    )


def test_an_outdated_update_is_a_conflict(kube):
  kube.core.create_namespaced_config_map("default", config_map())
  read = kube.core.read_namespaced_config_map("map", "default")
  kube.core.patch_namespaced_config_map("map", "default", {"data": {"a": "b"}})
  with pytest.raises(ApiException, match="object has been modified"):
    kube.core.replace_namespaced_config_map("map", "default", read)


def test_an_update_that_changes_nothing_has_no_version_of_its_own(kube):
  kube.core.create_namespaced_config_map("default", config_map())
  read = kube.core.read_namespaced_config_map("map", "default")
  again = kube.core.replace_namespaced_config_map("map", "default", read)
  assert again.metadata.resource_version == read.metadata.resource_version


@pytest.mark.parametrize(
  ("kind", "patch", "data"),
  [
    ("merge-patch", {"data": {"key": None, "a": "b"}}, {"a": "b"}),
    ("strategic-merge-patch", {"data": {"a": "b"}}, {"key": "value", "a": "b"}),
    (
      "json-patch",
      [
        {"op": "test", "path": "/data/key", "value": "value"},
        {"op": "move", "from": "/data/key", "path": "/data/other"},
      ],
      {"other": "value"},
    ),
  ],
)
def test_every_kind_of_patch_does_what_it_says(kube, kind, patch, data):
  kube.call("POST", MAPS, config_map())
  headers = {"Content-Type": f"application/{kind}+json"}
  status, told = kube.call("PATCH", f"{MAPS}/map", patch, **headers)
  assert (status, told["data"]) == (200, data)


def test_an_unknown_kind_of_patch_is_refused(kube):
  kube.call("POST", MAPS, config_map())
  assert kube.call("PATCH", f"{MAPS}/map", {})[0] == 415


def test_deleting_asks_for_the_very_object(kube):
  kube.call("POST", MAPS, config_map())
  options = {"preconditions": {"uid": "another"}}
  status, told = kube.call("DELETE", f"{MAPS}/map", options)
  assert (status, told["reason"]) == (409, "Conflict")
  assert "UID in precondition: another, UID in object meta:" in told["message"]


def test_a_finalizer_keeps_an_object_until_it_is_gone(kube):
  kube.call("POST", MAPS, config_map(finalizers=["example.com/wait"]))
  status, told = kube.call("DELETE", f"{MAPS}/map")
  assert (status, told["kind"]) == (200, "ConfigMap")
  assert told["metadata"]["deletionTimestamp"]
  kube.core.patch_namespaced_config_map(
    "map", "default", {"metadata": {"finalizers": None}}
  )
  assert kube.call("GET", f"{MAPS}/map")[0] == 404


def test_lists_come_by_pages(kube):
  for each in range(5):
    kube.call("POST", MAPS, config_map(f"map-{each}"))
  first = kube.call("GET", f"{MAPS}?limit=4")[1]
  assert first["metadata"]["remainingItemCount"] == 2
  token = first["metadata"]["continue"]
  rest = kube.call("GET", f"{MAPS}?limit=4&continue={token}")[1]
  names = [e["metadata"]["name"] for e in first["items"] + rest["items"]]
  assert names == ["kube-root-ca.crt", *(f"map-{each}" for each in range(5))]
  kube.cluster.compact()
  kube.call("POST", MAPS, config_map("another"))
  kube.cluster.compact()
  status, told = kube.call("GET", f"{MAPS}?limit=4&continue={token}")
  assert (status, told["reason"]) == (410, "Expired")


def test_items_of_a_list_do_not_repeat_their_kind(kube):
  listed = kube.call("GET", MAPS)[1]
  assert listed["kind"] == "ConfigMapList"
  assert not {"kind", "apiVersion"} & set(listed["items"][0])


@pytest.mark.parametrize(
  ("selector", "names"),
  [
    ("a=1", ["x"]),
    ("a==1,b", []),
    ("a!=1", ["kube-root-ca.crt", "y", "z"]),
    ("a in (1, 2)", ["x", "y"]),
    ("a notin (1),b", ["z"]),
    ("!a", ["kube-root-ca.crt", "z"]),
  ],
)
def test_labels_select(kube, selector, names):
  for name, labels in (("x", {"a": "1"}), ("y", {"a": "2"}), ("z", {"b": ""})):
    kube.call("POST", MAPS, config_map(name, labels=labels))
  listed = kube.core.list_namespaced_config_map(
    "default", label_selector=selector
  )
  assert [each.metadata.name for each in listed.items] == names


def test_only_some_fields_select(kube):
  path = f"{MAPS}?fieldSelector=metadata.name%3Dkube-root-ca.crt"
  assert len(kube.call("GET", path)[1]["items"]) == 1
  status, told = kube.call("GET", f"{MAPS}?fieldSelector=data.key%3Dx")
  assert status == 400
  assert '"data.key" is not a known field selector' in told["message"]


def test_metadata_alone_can_be_asked_for(kube):
  accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
  found = kube.call("GET", f"{MAPS}/kube-root-ca.crt", Accept=accept)[1]
  assert found["kind"] == "PartialObjectMetadata"
  assert "data" not in found


def test_what_is_denied_says_who_may_not_do_what(kube):
  kube.cluster.deny("create", "jobs")
  status, told = kube.call("POST", JOBS, kube.body("pass"))
  assert status == 403
  assert told["message"] == (
    'jobs.batch is forbidden: User "user@example.com" cannot create resource'
    ' "jobs" in API group "batch" in the namespace "default"'
  )
  review = {
    "kind": "SelfSubjectAccessReview",
    "apiVersion": "authorization.k8s.io/v1",
    "spec": {
      "resourceAttributes": {
        "verb": "create",
        "group": "batch",
        "resource": "jobs",
        "namespace": "default",
      }
    },
  }
  path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
  assert kube.call("POST", path, review)[1]["status"] == {"allowed": False}
  kube.cluster.allow()
  assert kube.call("POST", path, review)[1]["status"] == {"allowed": True}


def test_only_served_paths_are_there(kube):
  status, told = kube.call("GET", "/api/v1/namespaces/default/things")
  assert (status, told["reason"], told["details"]) == (404, "NotFound", {})
  assert kube.call("POST", f"{JOBS}/job", {})[0] == 405
  assert kube.call("POST", "/apis/batch/v1/jobs", kube.body("pass"))[0] == 405
  assert kube.call("GET", "/apis/batch/v1/jobs")[1]["items"] == []
  pool = kube.client.rest_client.pool_manager
  unknown = pool.request("GET", f"{kube.cluster.api.url}/apis/none/v1/things")
  assert (unknown.status, unknown.data) == (404, b"404 page not found\n")


def test_discovery_names_every_kind(kube):
  groups = kube.call("GET", "/apis")[1]["groups"]
  assert "batch" in [each["name"] for each in groups]
  listed = kube.call("GET", "/apis/batch/v1")[1]["resources"]
  assert "jobs/status" in [each["name"] for each in listed]


@pytest.mark.parametrize(
  ("written", "read"),
  [
    (8, "8"),
    ("1000m", "1"),
    ("0.5", "500m"),
    ("1024Mi", "1Gi"),
    ("1500Mi", "1500Mi"),
    ("128G", "128G"),
    ("1000", "1k"),
    ("0", "0"),
    ("1e3", "1e3"),
  ],
)
def test_amounts_are_given_back_in_one_form(written, read):
  assert quantities.canonical(written) == read
