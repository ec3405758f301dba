from __future__ import annotations

import subprocess
import sys


def test_planning_and_making_manifests_load_no_cloud_library():
  code = (
    "import sys, keras_remote_gke.plugin, keras_remote_gke.manifest\n"
    "print(*{name.partition('.')[0] for name in sys.modules})"
  )
  done = subprocess.run(
    [sys.executable, "-c", code], capture_output=True, text=True, check=True
  )
  assert {"google", "kubernetes", "urllib3"}.isdisjoint(done.stdout.split())
