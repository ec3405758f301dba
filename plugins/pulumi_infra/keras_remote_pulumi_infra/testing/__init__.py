"""What infrastructure's tests run against, over real sockets and processes.

``TESTING.md`` beside this package says what is as it really is and what is not.
"""

from __future__ import annotations

from keras_remote_pulumi_infra.testing.stand_in import PulumiStandIn

__all__ = ["PulumiStandIn"]
