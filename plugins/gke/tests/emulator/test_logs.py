from __future__ import annotations

import re

import hypothesis
import pytest
from hypothesis import strategies as st
from kubernetes.client import ApiException

from keras_remote_gcp.testing.server import Fault

LOG = "/api/v1/namespaces/default/pods/pod/log"
THREE = "print('one'); print('two'); print('three')"


def test_a_log_can_be_cut_in_every_way(kube):
  kube.pod(THREE)
  kube.finished()
  assert kube.logs("pod") == "one\ntwo\nthree\n"
  assert kube.logs("pod", tail_lines=1) == "three\n"
  assert kube.logs("pod", limit_bytes=5) == "one\nt"
  assert kube.logs("pod", since_seconds=3600) == "one\ntwo\nthree\n"
  stamped = kube.logs("pod", timestamps=True).splitlines()
  form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (one|two|three)"
  assert all(re.fullmatch(form, each) for each in stamped)
  since = stamped[1].split()[0]
  path = f"{kube.cluster.api.url}{LOG}?sinceTime={since}"
  found = kube.client.rest_client.pool_manager.request("GET", path)
  assert found.data == b"two\nthree\n"


def test_a_followed_log_ends_with_its_container(kube):
  kube.pod("import time; print('one'); time.sleep(0.5); print('two', end='')")
  kube.until("pods", lambda it: "running" in kube.state(it))
  assert kube.logs("pod", follow=True) == "one\ntwo"


def test_lines_come_when_they_are_complete(kube):
  script = (
    "import time; print('par', end='', flush=True); time.sleep(0.2);"
    " print('tial'); time.sleep(300)"
  )
  kube.pod(script)
  kube.until("pods", lambda it: "running" in kube.state(it))
  stream = kube.core.read_namespaced_pod_log(
    "pod", "default", follow=True, _preload_content=False
  )
  assert stream.read(8) == b"partial\n"
  stream.close()


def test_a_container_that_waits_has_no_log(kube):
  kube.pod("pass", container={"image": "example.com/none:1"})
  kube.until("pods", lambda it: "waiting" in kube.state(it))
  status, told = kube.call("GET", LOG)
  assert status == 400
  assert re.fullmatch(
    'container "main" in pod "pod" is waiting to start: [A-Za-z]+',
    told["message"],
  )


def test_the_container_has_to_be_one_of_the_pods(kube):
  kube.pod("pass")
  kube.finished()
  with pytest.raises(
    ApiException, match="container x is not valid for pod pod"
  ):
    kube.logs("pod", container="x")


def test_the_log_before_a_restart_is_kept(kube):
  kube.pod("print('crash'); raise SystemExit(1)", restartPolicy="OnFailure")
  kube.until(
    "pods",
    lambda it: (it["status"].get("containerStatuses") or [{}])[0].get(
      "restartCount"
    ),
  )
  assert kube.logs("pod", previous=True) == "crash\n"


def test_a_log_can_break_off_in_the_middle_of_a_line(kube):
  kube.pod(THREE)
  kube.finished()
  kube.cluster.api.faults.inject(Fault(path=LOG, cut=5))
  url = f"{kube.cluster.api.url}{LOG}"
  with pytest.raises(Exception, match="IncompleteRead"):
    kube.client.rest_client.pool_manager.request("GET", url, retries=False)


@hypothesis.given(
  st.lists(st.binary(max_size=40), max_size=8), st.sampled_from([1, 3, 10**6])
)
@hypothesis.settings(max_examples=30)
def test_whatever_is_printed_is_what_is_read(tmp_path_factory, parts, size):
  import os

  from keras_remote_gke.testing.kubelet.log_files import LogFile

  log = LogFile(tmp_path_factory.mktemp("log") / "0.log")
  reading, writing = os.pipe()
  data = b"\n".join(parts)
  with os.fdopen(writing, "wb", buffering=0) as file:
    for at in range(0, len(data), size):
      file.write(data[at : at + size])
  log.copy({"stdout": reading})
  assert b"".join(each.text for each in log.entries() if each) == data
