"""What is inside the cluster besides jobs: accounts and controllers."""

from __future__ import annotations
