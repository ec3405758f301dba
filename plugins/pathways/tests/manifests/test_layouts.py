"""What a job is made of, in both layouts."""

from __future__ import annotations

import pytest

POOL = "cloud.google.com/gke-nodepool"
LWS = "leaderworkerset.sigs.k8s.io"


def container(pod, name="main"):
  spec = pod["spec"]
  every = [*spec.get("initContainers", ()), *spec["containers"]]
  return next(each for each in every if each["name"] == name)


def plain(pod, name="main"):
  """Variables that are set to a text."""
  every = container(pod, name)["env"]
  return {each["name"]: each["value"] for each in every if "value" in each}


@pytest.mark.parametrize(
  ("accelerator", "instance"),
  [
    ("v4-2x2x2", "tpuv4:2x2x2"),
    ("v5e-4x8", "tpuv5e:4x8"),
    ("v5p-4x4x4", "tpuv5:4x4x4"),
    ("v6e-2x4:hosts=2", "tpuv6e:2x4"),
    ("tpu7x-4x4x4", "tpu7x:4x4x4"),
  ],
)
def test_the_resource_manager_is_told_what_slices_there_are(
  make, layout, accelerator, instance
):
  made = make(accelerator, layout=layout, slices=3)
  arguments = container(made.head, "pathways-rm")["args"]
  assert f"--instance_type={instance}" in arguments
  assert "--instance_count=3" in arguments


def test_the_function_takes_the_proxy_for_its_devices(make, layout):
  variables = plain(make(layout=layout).head)
  assert variables["JAX_PLATFORMS"] == "proxy"
  address = "$(LWS_LEADER_ADDRESS)"
  if layout == "jobset":
    address = "train-0102-030405-abc123-head-0-0.train-0102-030405-abc123"
  assert variables["JAX_BACKEND_TARGET"] == f"grpc://{address}:29000"


def test_everybody_finds_the_resource_manager(make, layout):
  made = make(layout=layout)
  host = plain(made.head, "pathways-rm")["HOST_ADDRESS"]
  wanted = f"--resource_manager_address={host}:29001"
  assert wanted in container(made.head, "pathways-proxy")["args"]
  assert wanted in container(made.workers)["args"]
  assert "--server_port=29001" in container(made.head, "pathways-rm")["args"]


def test_what_pathways_shares_lies_where_deleting_the_job_finds_it(
  make, layout
):
  made = make(layout=layout)
  wanted = (
    "--gcs_scratch_location=gs://mine-keras-remote-keras-remote"
    "/jobs/train-0102-030405-abc123/pathways"
  )
  for name in ("pathways-rm", "pathways-proxy"):
    assert wanted in container(made.head, name)["args"]
  assert wanted in container(made.workers)["args"]


def test_pathways_is_of_the_version_of_the_jobs_jax(make, layout):
  made = make(layout=layout, requirements=["jax[tpu]==0.9.2"])
  images = "us-docker.pkg.dev/cloud-tpu-v2-images/pathways"
  server, proxy = (
    f"{images}/server:jax-0.9.2",
    f"{images}/proxy_server:jax-0.9.2",
  )
  assert container(made.head, "pathways-rm")["image"] == server
  assert container(made.head, "pathways-proxy")["image"] == proxy
  assert container(made.workers)["image"] == server


def test_function_and_proxy_share_memory(make, layout):
  head = make(layout=layout).head
  (shared,) = [v for v in head["spec"]["volumes"] if v["name"] == "ifrt-proxy"]
  assert shared["emptyDir"] == {"medium": "Memory"}
  for name in ("main", "pathways-proxy"):
    mounts = container(head, name)["volumeMounts"]
    assert {"name": "ifrt-proxy", "mountPath": "/tmp/ifrt_proxy"} in mounts


def test_the_head_needs_no_tpu_and_sits_where_it_is_told(make, layout):
  made = make("v6e-4x4:spot", layout=layout, head_pool="heads", memory="64Gi")
  assert made.head["spec"]["nodeSelector"] == {POOL: "heads"}
  main = container(made.head)
  assert "google.com/tpu" not in main["resources"]["requests"]
  assert main["resources"]["limits"] == {"memory": "64Gi"}


def test_the_workers_have_all_chips_of_a_machine_and_its_capacity(make, layout):
  workers = make("v6e-4x4:spot", layout=layout, memory="64Gi").workers
  assert workers["spec"]["nodeSelector"] == {
    "cloud.google.com/gke-tpu-accelerator": "tpu-v6e-slice",
    "cloud.google.com/gke-tpu-topology": "4x4",
    "cloud.google.com/gke-spot": "true",
  }
  assert container(workers)["resources"]["limits"] == {"google.com/tpu": "4"}


def test_nothing_of_the_users_reaches_the_workers(make, layout):
  made = make(layout=layout, secrets={"HF_TOKEN": "hush"})
  env = container(made.workers)["env"]
  assert not [each for each in env if "secretKeyRef" in str(each)]
  assert "volumes" not in made.workers["spec"]
  assert "HF_TOKEN" in str(container(made.head)["env"])


def test_the_controllers_say_which_worker_a_worker_is(make, layout):
  workers = make(layout=layout).workers
  names = {each["name"] for each in container(workers)["env"]}
  assert names.isdisjoint({"TPU_WORKER_ID", "TPU_WORKER_HOSTNAMES"})


def test_a_set_is_one_head_and_the_machines_of_its_slices(make):
  made = make("v6e-4x4", slices=2)
  spec = made.main["spec"]
  both = spec["leaderWorkerTemplate"]
  assert (spec["replicas"], both["size"]) == (1, 9)
  assert both["subGroupPolicy"] == {
    "subGroupPolicyType": "LeaderExcluded",
    "subGroupSize": 4,
  }
  annotations = made.main["metadata"]["annotations"]
  assert annotations[f"{LWS}/subgroup-exclusive-topology"] == POOL


def test_a_set_never_builds_its_group_anew(make):
  both = make(retries=3).main["spec"]["leaderWorkerTemplate"]
  assert both["restartPolicy"] == "None"


def test_an_old_controller_gets_the_head_onto_the_slice(make):
  made = make("v6e-4x4", excluded=False, head_pool="heads")
  assert "subGroupPolicy" not in made.main["spec"]["leaderWorkerTemplate"]
  annotations = made.main["metadata"]["annotations"]
  assert annotations[f"{LWS}/exclusive-topology"] == POOL
  spec = made.head["spec"]
  assert spec["nodeSelector"] == made.workers["spec"]["nodeSelector"]
  assert "google.com/tpu" in [each["key"] for each in spec["tolerations"]]
  assert "google.com/tpu" not in str(spec["containers"])


def test_an_old_controller_divides_several_slices_by_groups(make):
  made = make("v6e-4x4", excluded=False, slices=2)
  both = made.main["spec"]["leaderWorkerTemplate"]
  assert both["subGroupPolicy"] == {"subGroupSize": 4}
  annotations = made.main["metadata"]["annotations"]
  assert annotations[f"{LWS}/subgroup-exclusive-topology"] == POOL


def test_the_head_of_a_set_parks_and_is_ready_once_it_has_ended(make):
  main = container(make(retries=2, timeout="1h").head)
  program, _, rest = " ".join(main["command"]).partition(" -- ")
  assert program.startswith("python3 /opt/keras-remote-pathways/parked.py")
  assert "--attempts=3" in program
  assert "--limit=1825200" in program
  assert rest.startswith("python3 /opt/keras-remote/runner.pyz run")
  (ended,) = [each for each in main["command"] if "--ended=" in each]
  probe = main["readinessProbe"]["exec"]["command"]
  assert probe == ["test", "-f", ended.removeprefix("--ended=")]


def test_the_head_of_a_set_may_delete_this_set_and_nothing_else(make):
  made = make(service_account="trainer", namespace="research")
  role, binding = made.shown[3:5]
  assert role["rules"] == [
    {
      "apiGroups": ["leaderworkerset.x-k8s.io"],
      "resources": ["leaderworkersets"],
      "resourceNames": [made.main["metadata"]["name"]],
      "verbs": ["delete"],
    }
  ]
  assert binding["roleRef"]["name"] == role["metadata"]["name"]
  assert binding["subjects"] == [
    {"kind": "ServiceAccount", "name": "trainer", "namespace": "research"}
  ]


def test_only_the_programs_container_has_a_token(make):
  made = make()
  for pod in (made.head, made.workers):
    assert pod["spec"]["automountServiceAccountToken"] is False
  mounted = [
    each["name"]
    for each in (
      *made.head["spec"]["containers"],
      *made.head["spec"]["initContainers"],
    )
    if "access" in str(each.get("volumeMounts"))
  ]
  assert mounted == ["main"]


def test_who_accepts_an_unattended_set_gives_no_permission_away(make):
  made = make(unattended=True)
  assert "Role" not in made.kinds
  assert "access" not in str(made.head["spec"]["volumes"])
  assert "--access" not in " ".join(container(made.head)["command"])


def test_a_job_set_ends_with_its_head_and_stays_a_week(make):
  made = make(layout="jobset", slices=2)
  spec = made.main["spec"]
  head, workers = spec["replicatedJobs"]
  assert spec["successPolicy"]["targetReplicatedJobs"] == [head["name"]]
  assert spec["ttlSecondsAfterFinished"] == 7 * 86400
  assert spec["failurePolicy"] == {"maxRestarts": 0}
  assert (head["replicas"], workers["replicas"]) == (1, 2)
  job = workers["template"]["spec"]
  assert (job["completions"], job["parallelism"]) == (4, 4)
  assert "Role" not in made.kinds
  assert "parked" not in str(made.shown)


def test_a_job_set_is_retried_as_a_whole_unless_the_function_failed(make):
  spec = make(layout="jobset", retries=2).main["spec"]
  policy, head = spec["failurePolicy"], spec["replicatedJobs"][0]
  assert policy["maxRestarts"] == 2
  assert policy["rules"][0]["action"] == "FailJobSet"
  assert policy["rules"][0]["onJobFailureReasons"] == ["PodFailurePolicy"]
  assert head["template"]["spec"]["backoffLimit"] == 0


def test_the_longest_names_fit_a_jobs_pods(make):
  made = make("tpu7x-16x16x36", layout="jobset", slices=256)
  _, workers = made.main["spec"]["replicatedJobs"]
  hosts = workers["template"]["spec"]["completions"]
  last = f"{workers['name']}-{workers['replicas'] - 1}-{hosts - 1}-abcde"
  assert len(f"{'a' * 40}-{last}") <= 63
