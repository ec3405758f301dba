"""A cluster with machines that work together, and an image that has JAX."""

from __future__ import annotations

import sys

import pytest

from keras_remote_gke.testing import Cluster, Node

JAX = "example.com/jax:1"
NODES = (
  Node(),
  *(Node.gpu("nvidia-l4") for _ in range(2)),
  *(
    Node.tpu("tpu-v6e-slice", "4x4", 4, machine="ct6e-standard-4t", hosts=4)
    for _ in range(4)
  ),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, image_folder):
  with Cluster(
    tmp_path_factory.mktemp("cluster"),
    NODES,
    {JAX: sys.executable},
    image_folder=image_folder,
    scale=0.01,
  ) as made:
    yield made


@pytest.fixture
def pods(cluster, until):
  """The pods of a job by host, once each of them has printed."""

  def find(job, hosts=2):
    until(lambda: len({each.worker for each in job.logs()}) == hosts)
    found = {}
    for each in cluster.objects("pods"):
      labels = each["metadata"]["labels"]
      if labels.get("keras-remote/job-id") == job.id:
        found[labels["batch.kubernetes.io/job-completion-index"]] = each
    return found

  return find
