"""What runs pods: processes of this machine in place of containers."""

from __future__ import annotations
