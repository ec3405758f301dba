"""Cloud Build and Artifact Registry as this machine's own, over real gRPC.

    with StorageServer() as storage, Images(storage) as images:
      os.environ.update(storage.environ | images.environ)

The real clients come here; ``images.courses`` says how builds go,
``images.faults`` what goes wrong with calls, and ``on_built`` is told of every
image, so that an emulated cluster can run it.
"""

from __future__ import annotations

from keras_remote_cloudbuild.testing.courses import Built as Built
from keras_remote_cloudbuild.testing.courses import Course as Course
from keras_remote_cloudbuild.testing.faults import Fault as Fault
from keras_remote_cloudbuild.testing.images import Images as Images
