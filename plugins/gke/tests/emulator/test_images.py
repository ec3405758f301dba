from __future__ import annotations

import sys

import pytest

from keras_remote_gke.testing.kubelet import images

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def test_a_python_image_is_a_clean_python_with_pip(kube):
  script = (
    "import importlib.util as u, pip, sys; print(sys.version_info[:2],"
    " u.find_spec('keras_remote_runner'), u.find_spec('attrs'))"
  )
  kube.pod(script, container={"image": f"python:{VERSION}-slim"})
  pod = kube.finished()
  assert kube.logs("pod") == f"{sys.version_info[:2]} None None\n"
  status = pod["status"]["containerStatuses"][0]
  full = f"docker.io/library/python:{VERSION}-slim"
  assert status["image"] == full
  assert status["imageID"].startswith("docker.io/library/python@sha256:")


def test_what_stands_in_for_an_image_may_be_found_by_a_function(tmp_path):
  found = images.Images({"a": "/bin/python3"}.get, tmp_path)
  assert str(found.pull("a").python) == "/bin/python3"
  with pytest.raises(images.NoImage, match=r"docker\.io/library/b:latest: not"):
    found.pull("b")


def test_a_python_that_this_machine_lacks_is_not_found(tmp_path):
  with pytest.raises(images.NoImage, match=r"has no Python 3\.1 to stand in"):
    images.Images({}, tmp_path).pull("python:3.1")


@pytest.mark.parametrize(
  ("short", "full"),
  [
    ("python:3.11", "docker.io/library/python:3.11"),
    ("user/image", "docker.io/user/image:latest"),
    ("ghcr.io/a/b", "ghcr.io/a/b:latest"),
    ("localhost:5000/a", "localhost:5000/a:latest"),
    ("a@sha256:" + "0" * 64, "docker.io/library/a@sha256:" + "0" * 64),
  ],
)
def test_references_are_completed_as_container_runtimes_do(short, full):
  assert images.full(short) == full
