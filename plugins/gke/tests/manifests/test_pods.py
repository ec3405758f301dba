"""What runs, where, and with what around it."""

from __future__ import annotations

import pytest

GOOGLE = "cloud.google.com"


def variables(made):
  return {each["name"]: each for each in made.container["env"]}


def tolerated(made):
  return {
    f"{each['key']}={each['value']}:{each['effect']}"
    for each in made.pod.get("tolerations", [])
  }


@pytest.mark.parametrize(
  ("accelerator", "label", "topology", "chips"),
  [
    ("v3-2x2", "tpu-v3-device", "2x2", "4"),
    ("v4-2x2x1", "tpu-v4-podslice", "2x2x1", "4"),
    ("v5e-1x1", "tpu-v5-lite-podslice", "1x1", "1"),
    ("v5p-8", "tpu-v5p-slice", "2x2x1", "4"),
    ("v6e-8", "tpu-v6e-slice", "2x4", "8"),
    ("ironwood", "tpu7x", "1x1x1", "1"),
    ("tpu7-2x2x1", "tpu7", "2x2x1", "4"),
  ],
)
def test_a_tpu_job_selects_its_slice_and_asks_for_the_whole_machine(
  make, accelerator, label, topology, chips
):
  made = make(accelerator)
  assert made.pod["nodeSelector"] == {
    f"{GOOGLE}/gke-tpu-accelerator": label,
    f"{GOOGLE}/gke-tpu-topology": topology,
  }
  resources = made.container["resources"]
  assert resources["limits"] == {"google.com/tpu": chips}
  assert resources["requests"]["google.com/tpu"] == chips
  assert tolerated(made) == {"google.com/tpu=present:NoSchedule"}


@pytest.mark.parametrize(
  ("accelerator", "label", "count"),
  [
    ("t4x2", "nvidia-tesla-t4", "2"),
    ("a100", "nvidia-tesla-a100", "1"),
    ("a100-80gbx8", "nvidia-a100-80gb", "8"),
    ("h100-megax8", "nvidia-h100-mega-80gb", "8"),
    ("rtx-pro-6000", "nvidia-rtx-pro-6000", "1"),
  ],
)
def test_a_gpu_job_selects_its_model_and_asks_for_its_number(
  make, accelerator, label, count
):
  made = make(accelerator)
  assert made.pod["nodeSelector"] == {f"{GOOGLE}/gke-accelerator": label}
  assert made.container["resources"]["limits"] == {"nvidia.com/gpu": count}
  assert tolerated(made) == {"nvidia.com/gpu=present:NoSchedule"}


def test_a_cpu_job_selects_and_tolerates_nothing(make):
  pod = make().pod
  assert "nodeSelector" not in pod
  assert "tolerations" not in pod


@pytest.mark.parametrize("accelerator", ["gb200x4", "gb300x4"])
def test_arm_machines_are_tolerated_where_they_are_asked_for(make, accelerator):
  assert "kubernetes.io/arch=arm64:NoSchedule" in tolerated(make(accelerator))
  assert "kubernetes.io/arch=arm64:NoSchedule" not in tolerated(make("l4"))


@pytest.mark.parametrize(
  ("accelerator", "settings", "key", "value"),
  [
    ("cpu:spot", {}, "gke-spot", "true"),
    ("l4", {"flex_start": True}, "gke-flex-start", "true"),
    ("l4", {"compute_class": "mine"}, "compute-class", "mine"),
  ],
)
def test_a_kind_of_capacity_is_selected_and_its_taint_tolerated_by_value(
  make, accelerator, settings, key, value
):
  made = make(accelerator, **settings)
  assert made.pod["nodeSelector"][f"{GOOGLE}/{key}"] == value
  assert f"{GOOGLE}/{key}={value}:NoSchedule" in tolerated(made)


def test_a_reservation_is_consumed_by_name(make):
  selector = make("v5p-2x2x1", reservation="big").pod["nodeSelector"]
  assert selector[f"{GOOGLE}/reservation-name"] == "big"
  assert selector[f"{GOOGLE}/reservation-affinity"] == "specific"
  assert f"{GOOGLE}/reservation-project" not in selector


def test_a_shared_reservation_names_its_project(make):
  name = "projects/theirs/reservations/big"
  selector = make("v5p-2x2x1", reservation=name).pod["nodeSelector"]
  assert selector[f"{GOOGLE}/reservation-project"] == "theirs"
  assert selector[f"{GOOGLE}/reservation-name"] == "big"


def test_a_node_pool_is_selected_by_name(make):
  selector = make("l4", node_pool="mine").pod["nodeSelector"]
  assert selector[f"{GOOGLE}/gke-nodepool"] == "mine"


def test_memory_and_disk_are_limits_so_that_going_beyond_them_is_told(make):
  resources = make(memory="16Gi", disk="100Gi", cpu=4).container["resources"]
  most = {"memory": "16Gi", "ephemeral-storage": "100Gi"}
  assert resources == {"requests": {"cpu": "4", **most}, "limits": most}


def test_the_folder_a_job_works_in_may_fill_the_disk_it_asked_for(make):
  (scratch,) = (
    volume for volume in make(disk="9Gi").pod["volumes"]
    if volume["name"] == "scratch"
  )  # fmt: skip
  assert scratch["emptyDir"] == {"sizeLimit": "9Gi"}


@pytest.mark.parametrize(
  ("accelerator", "cpu"), [("cpu", "500m"), ("cpu:8", "8"), ("l4", "500m")]
)
def test_every_pod_asks_for_something_so_that_it_is_not_the_first_to_go(
  make, accelerator, cpu
):
  requests = make(accelerator).container["resources"]["requests"]
  assert (requests["cpu"], requests["memory"]) == (cpu, "2Gi")


@pytest.mark.parametrize(
  ("accelerator", "shared"), [("cpu", False), ("l4", True), ("v6e-1x1", True)]
)
def test_jobs_with_accelerators_have_room_to_pass_arrays_among_processes(
  make, accelerator, shared
):
  made = make(accelerator)
  mounted = {each["mountPath"] for each in made.container["volumeMounts"]}
  assert ("/dev/shm" in mounted) is shared


def test_every_mount_has_a_volume_and_every_volume_a_mount(make):
  made = make("l4")
  mounts = [each["name"] for each in made.container["volumeMounts"]]
  assert mounts == [each["name"] for each in made.pod["volumes"]]


def test_the_runner_is_mounted_from_the_object_of_its_content(make):
  made = make()
  runner, *_ = made.pod["volumes"]
  config_map, *_ = made.created
  assert runner["configMap"]["name"] == config_map["metadata"]["name"]
  (program,) = config_map["binaryData"]
  folder, *_ = made.container["volumeMounts"]
  python, path, *arguments = made.container["command"]
  assert (python, path) == ("python3", f"{folder['mountPath']}/{program}")
  assert tuple(arguments) == made.submission.arguments
  assert folder["readOnly"] is True


def test_no_argument_is_a_template_that_kubernetes_would_fill_in(make):
  url = "gs://mine/$(KERAS_REMOTE_KEY)/$HOME"
  command = make(store=url).container["command"]
  assert "--store=gs://mine/$$(KERAS_REMOTE_KEY)/$$HOME" in command


def test_a_job_works_in_the_folder_that_is_mounted_for_it(make):
  made = make()
  _, scratch, *_ = made.container["volumeMounts"]
  named = variables(made)["KERAS_REMOTE_SCRATCH"]["value"]
  assert named == scratch["mountPath"]


def test_tpu_variables_are_left_to_the_node(make):
  assert not [name for name in variables(make("v6e-8")) if "TPU" in name]


@pytest.mark.parametrize(
  ("image", "set_here"),
  [(None, True), ("prebuilt", True), ("me/image:1", False)],
)
def test_the_driver_is_found_in_plain_images_and_own_images_are_let_be(
  make, image, set_here
):
  made = make("l4", container_image=image)
  assert ("LD_LIBRARY_PATH" in variables(made)) is set_here


def test_a_pod_has_no_more_rights_than_it_needs(make):
  made = make("l4")
  assert made.pod["automountServiceAccountToken"] is False
  assert made.pod["enableServiceLinks"] is False
  profile = made.pod["securityContext"]["seccompProfile"]
  assert profile == {"type": "RuntimeDefault"}
  context = made.container["securityContext"]
  assert context == {"allowPrivilegeEscalation": False}
  assert "hostNetwork" not in made.pod


def test_a_pod_acts_as_the_service_account_that_was_named(make):
  assert "serviceAccountName" not in make().pod
  assert make(service_account="me").pod["serviceAccountName"] == "me"


def test_a_pod_ends_within_the_notice_that_spot_machines_give(make):
  assert make("l4:spot").pod["terminationGracePeriodSeconds"] < 30


def test_a_pod_that_could_not_store_its_outcome_leaves_its_last_lines(make):
  policy = make().container["terminationMessagePolicy"]
  assert policy == "FallbackToLogsOnError"


def test_each_host_knows_which_it_is_and_where_the_first_one_is(make):
  made = make("h100x8", hosts=2)
  job, name = made.job, made.plan.job_id
  assert job["spec"]["completionMode"] == "Indexed"
  assert job["spec"]["completions"] == job["spec"]["parallelism"] == 2
  assert made.pod["subdomain"] == name
  assert made.container["command"][-2:] == ["--host", "$(JOB_COMPLETION_INDEX)"]
  told = {each["name"]: each.get("value") for each in made.container["env"]}
  assert told["KERAS_REMOTE_COORDINATOR"] == f"{name}-0.{name}:8482"
  assert told["KERAS_REMOTE_PROCESSES"] == "2"


def test_what_gke_tells_the_hosts_of_a_tpu_is_left_alone(make):
  made = make("v6e-4x4", backend="gke")
  told = {each["name"] for each in made.container["env"]}
  assert not {each for each in told if each.startswith("TPU_")}
  assert "KERAS_REMOTE_COORDINATOR" not in told
  (term,) = made.pod["affinity"]["podAffinity"][
    "requiredDuringSchedulingIgnoredDuringExecution"
  ]
  assert term["topologyKey"] == "cloud.google.com/gke-nodepool"


def test_a_job_on_one_machine_has_nothing_of_that(make):
  made = make("h100x8")
  assert "completionMode" not in made.job["spec"]
  assert "subdomain" not in made.pod
  assert "Service" not in [each["kind"] for each in made.created]


def test_the_service_finds_the_pods_and_has_no_address(make):
  made = make("h100x8", hosts=2)
  (service,) = [each for each in made.created if each["kind"] == "Service"]
  selector = service["spec"]["selector"]
  labels = made.job["spec"]["template"]["metadata"]["labels"]
  assert selector.items() <= labels.items()
  assert service["spec"]["clusterIP"] == "None"
