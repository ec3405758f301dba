from __future__ import annotations


def is_ready(pod):
  conditions = pod["status"].get("conditions", [])
  return any(
    each["type"] == "Ready" and each["status"] == "True" for each in conditions
  )


def test_a_pod_is_ready_once_its_probe_says_so(kube):
  kube.pod(
    "import pathlib, sys, time\n"
    "print('up')\n"
    "folder = pathlib.Path(sys.argv[1])\n"
    "while not (folder / 'go').exists(): time.sleep(0.05)\n"
    "(folder / 'ready').touch()\n"
    "time.sleep(60)",
    volumes=[{"name": "scratch", "emptyDir": {}}],
    container={
      "args": ["/scratch"],
      "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}],
      "readinessProbe": {
        "exec": {"command": ["test", "-f", "/scratch/ready"]},
        "periodSeconds": 1,
      },
    },
  )
  pod = kube.running("pod")
  assert not is_ready(pod)
  [folder] = kube.cluster.folder.glob("pods/*/volumes/scratch")
  (folder / "go").touch()
  found = kube.until("pods", is_ready, "pod")
  assert found["status"]["containerStatuses"][0]["ready"] is True


def test_a_command_that_does_not_exist_makes_nothing_ready(kube):
  kube.pod(
    "import time; time.sleep(0.5)",
    container={"readinessProbe": {"exec": {"command": ["no-such-command"]}}},
  )
  seen = []
  kube.until(
    "pods",
    lambda it: (
      seen.append(is_ready(it)) or it["status"]["phase"] == "Succeeded"
    ),
  )
  assert not any(seen)
