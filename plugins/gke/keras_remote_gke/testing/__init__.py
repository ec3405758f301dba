"""A GKE cluster on this machine, for tests over real sockets.

    from keras_remote_gke.testing import Cluster, Node

    with Cluster(tmp_path, nodes=[Node(), Node.gpu("nvidia-l4")]) as cluster:
      os.environ |= cluster.environ
      ...

The ``kubernetes`` client, google-auth and google-cloud-storage talk to it as
they talk to Google; each pod's command runs as a process of this machine.
``TESTING.md`` beside this package says what is as on a real cluster and what is
not. It needs ``trustme``, and checks bodies against the real schemas where
``kubernetes-validate`` is installed.
"""

from __future__ import annotations

from keras_remote_gke.testing.cluster import Cluster
from keras_remote_gke.testing.nodes import Node

__all__ = ["Cluster", "Node"]
