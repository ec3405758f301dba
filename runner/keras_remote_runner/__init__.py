"""What runs inside a job: the standard library and cloudpickle only."""

from __future__ import annotations

__version__ = "0.1.0"
