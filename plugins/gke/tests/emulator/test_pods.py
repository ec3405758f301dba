from __future__ import annotations

import os
import sys

import pytest

SECRETS = "/api/v1/namespaces/default/secrets"
PODS = "/api/v1/namespaces/default/pods"


def terminated(kube, pod):
  return kube.state(pod)["terminated"]


def test_a_pod_ends_as_on_a_node(kube):
  kube.pod("raise SystemExit(3)")
  pod = kube.finished()
  ended = terminated(kube, pod)
  assert (pod["status"]["phase"], ended["exitCode"]) == ("Failed", 3)
  assert ended["reason"] == "Error"
  assert [each["type"] for each in pod["status"]["conditions"]] == [
    "PodReadyToStartContainers",
    "Initialized",
    "Ready",
    "ContainersReady",
    "PodScheduled",
  ]
  assert [each["status"] for each in pod["status"]["conditions"]] == [
    "False",
    "True",
    "False",
    "False",
    "True",
  ]
  assert kube.said("pod") == [
    "Scheduled",
    "Pulling",
    "Pulled",
    "Created",
    "Started",
  ]


def test_a_pod_is_filled_in_by_admission(kube):
  made = kube.pod("pass")
  spec = made["spec"]
  assert spec["serviceAccountName"] == "default"
  assert [each["tolerationSeconds"] for each in spec["tolerations"]] == [
    300
  ] * 2
  mounts = spec["containers"][0]["volumeMounts"]
  assert (
    mounts[0]["mountPath"] == "/var/run/secrets/kubernetes.io/serviceaccount"
  )
  assert made["status"] == {"phase": "Pending", "qosClass": "BestEffort"}


def test_variables_come_from_everywhere(kube):
  secret = {"metadata": {"name": "s"}, "stringData": {"key": "secret"}}
  kube.call("POST", SECRETS, secret)
  env = [
    {"name": "A", "value": "a"},
    {"name": "B", "value": "$(A)-$$(A)-$(NONE)"},
    {"name": "C", "valueFrom": {"secretKeyRef": {"name": "s", "key": "key"}}},
    {"name": "D", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
    {
      "name": "E",
      "valueFrom": {
        "resourceFieldRef": {"resource": "limits.memory", "divisor": "1Mi"}
      },
    },
  ]
  script = "import os; print(*(os.environ[each] for each in 'ABCDE'))"
  limits = {"limits": {"memory": "1Gi"}}
  kube.pod(script, container={"env": env, "resources": limits})
  kube.finished()
  assert kube.logs("pod") == "a a-$(A)-$(NONE) secret pod 1024\n"


def test_nothing_of_the_clients_environment_is_there(kube, monkeypatch):
  monkeypatch.setenv("SOMEBODYS_TOKEN", "x")
  kube.pod("import os; print(*sorted(os.environ), sep='\\n')")
  kube.finished()
  names = kube.logs("pod").split()
  assert "SOMEBODYS_TOKEN" not in names
  assert {"PATH", "HOME", "HOSTNAME", "KUBERNETES_SERVICE_HOST"} <= set(names)
  assert {"GCE_METADATA_HOST", "STORAGE_EMULATOR_HOST"} <= set(names)


def test_a_secret_that_comes_late_is_waited_for(kube):
  env = {"name": "K", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
  kube.pod("import os; print(os.environ['K'])", container={"env": [env]})
  reason = "CreateContainerConfigError"
  waiting = kube.until(
    "pods",
    lambda it: kube.state(it).get("waiting", {}).get("reason") == reason,
  )
  told = kube.state(waiting)["waiting"]["message"]
  assert told == 'secret "s" not found'
  secret = {"metadata": {"name": "s"}, "stringData": {"k": "late"}}
  kube.call("POST", SECRETS, secret)
  kube.finished()
  assert kube.logs("pod") == "late\n"


def test_volumes_are_where_a_container_mounts_them(kube):
  path = "/api/v1/namespaces/default/configmaps"
  data = {"data": {"run.py": "import sys; print(sys.argv, __file__)"}}
  kube.call("POST", path, {"metadata": {"name": "code"}, **data})
  pod = {
    "volumes": [
      {"name": "code", "configMap": {"name": "code"}},
      {"name": "scratch", "emptyDir": {"medium": "Memory"}},
    ],
    "container": {
      "command": ["python3", "/opt/code/run.py", "--at=/scratch", "/scratchy"],
      "volumeMounts": [
        {"name": "code", "mountPath": "/opt/code", "readOnly": True},
        {"name": "scratch", "mountPath": "/scratch"},
      ],
    },
  }
  kube.pod("", **pod)
  finished = kube.finished()
  folder = f"{kube.cluster.folder}/pods/{finished['metadata']['uid']}/volumes"
  assert kube.logs("pod") == (
    f"['{folder}/code/run.py', '--at={folder}/scratch', '/scratchy']"
    f" {folder}/code/run.py\n"
  )


def test_a_volume_that_lacks_its_config_map_waits_for_it(kube):
  volume = {"name": "code", "configMap": {"name": "code"}}
  kube.pod("print('ran')", volumes=[volume])
  failed = kube.until("events", lambda it: it["reason"] == "FailedMount")
  assert failed["message"] == (
    'MountVolume.SetUp failed for volume "code" : configmap "code" not found'
  )
  kube.call(
    "POST",
    "/api/v1/namespaces/default/configmaps",
    {"metadata": {"name": "code"}},
  )
  assert kube.finished()["status"]["phase"] == "Succeeded"


def test_an_image_that_is_not_there_backs_off(kube):
  kube.pod("pass", container={"image": "example.com/none:1"})
  reasons = set()

  def backing_off(pod):
    reasons.add(kube.state(pod).get("waiting", {}).get("reason"))
    return "ImagePullBackOff" in reasons

  pod = kube.until("pods", backing_off)
  told = kube.state(pod)["waiting"]["message"]
  assert told.startswith('Back-off pulling image "example.com/none:1"')
  assert told.endswith("example.com/none:1: not found")
  assert "ErrImagePull" in reasons
  assert pod["status"]["phase"] == "Pending"


def test_a_command_that_is_not_there_is_told(kube):
  kube.pod("", container={"command": ["no-such-command"]})
  ended = terminated(kube, kube.finished())
  assert (ended["exitCode"], ended["reason"]) == (128, "StartError")
  assert (
    'exec: "no-such-command": executable file not found' in ended["message"]
  )


def test_init_containers_run_first_and_sidecars_beside(kube):
  def container(name, script, **more):
    spec = kube.pod_spec(script, container={"name": name, **more})
    return spec["containers"][0]

  wait = "import signal, sys, time; signal.signal(15, sys.exit); time.sleep(99)"
  inits = [
    container("beside", wait, restartPolicy="Always"),
    container("first", "print('first')"),
  ]
  kube.pod("print('main')", initContainers=inits)
  pod = kube.finished()
  assert pod["status"]["phase"] == "Succeeded"
  first = pod["status"]["initContainerStatuses"][1]
  assert first["state"]["terminated"]["exitCode"] == 0
  assert kube.logs("pod", container="first") == "first\n"
  assert kube.logs("pod", container="main") == "main\n"


def test_a_failing_init_container_keeps_the_others_from_starting(kube):
  init = kube.pod_spec("raise SystemExit(1)", container={"name": "init"})
  kube.pod("pass", initContainers=init["containers"])
  pod = kube.finished()
  assert pod["status"]["phase"] == "Failed"
  assert kube.state(pod)["waiting"]["reason"] == "PodInitializing"


def test_a_container_that_crashes_is_restarted_ever_later(kube):
  kube.pod("raise SystemExit(1)", restartPolicy="OnFailure")

  def twice(pod):
    status = (pod["status"].get("containerStatuses") or [{}])[0]
    return status.get("restartCount", 0) >= 2 and "waiting" in status["state"]

  pod = kube.until("pods", twice)
  status = pod["status"]["containerStatuses"][0]
  assert status["state"]["waiting"]["reason"] == "CrashLoopBackOff"
  assert status["lastState"]["terminated"]["exitCode"] == 1


def test_the_last_lines_are_a_failed_containers_message(kube):
  policy = {"terminationMessagePolicy": "FallbackToLogsOnError"}
  kube.pod("print('why'); raise SystemExit(1)", container=policy)
  assert terminated(kube, kube.finished())["message"] == "why\n"


def test_a_container_may_write_its_message(kube):
  env = [{"name": "AT", "value": "/dev/termination-log"}]
  script = "import os; open(os.environ['AT'], 'w').write('done')"
  kube.pod(script, container={"env": env})
  assert terminated(kube, kube.finished())["message"] == "done"


def test_a_deleted_pod_is_asked_to_end_and_says_how_it_did(kube):
  script = (
    "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7));"
    " print('here'); time.sleep(300)"
  )
  kube.pod(script)
  kube.running()
  status, told = kube.call("DELETE", f"{PODS}/pod")
  assert (status, told["metadata"]["deletionGracePeriodSeconds"]) == (200, 30)
  ended = terminated(kube, kube.finished())
  assert ended["exitCode"] == 7
  kube.gone("pods", "pod")


@pytest.mark.skipif(sys.platform != "linux", reason="as the kernel of a node")
def test_a_first_process_without_a_handler_hears_no_sigterm(kube):
  kube.pod("import time; print('here'); time.sleep(300)")
  kube.running()
  kube.call("DELETE", f"{PODS}/pod?gracePeriodSeconds=1")
  ended = terminated(kube, kube.finished())
  assert (ended["exitCode"], ended["reason"]) == (137, "Error")


def test_all_that_a_command_started_ends_with_it(kube):
  script = (
    "import subprocess as s, sys; p = s.Popen(['sleep', '300'],"
    " start_new_session=True); print(p.pid)"
  )
  kube.pod(script)
  kube.finished()
  with pytest.raises(ProcessLookupError):
    os.kill(int(kube.logs("pod")), 0)


def test_a_pod_that_is_over_is_deleted_at_once(kube):
  kube.pod("pass")
  kube.finished()
  status, told = kube.call("DELETE", f"{PODS}/pod")
  assert (status, told["kind"]) == (200, "Pod")
  assert kube.call("GET", f"{PODS}/pod")[0] == 404


def test_two_pods_run_side_by_side(kube):
  kube.pod("import time; print('here'); time.sleep(300)", "a")
  kube.pod("print('there')", "b")
  assert kube.finished("b")["status"]["phase"] == "Succeeded"
  assert kube.running("a")
