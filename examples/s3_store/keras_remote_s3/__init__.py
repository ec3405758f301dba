"""The ``s3://`` artifact store, as somebody else's plugin brings it."""

from __future__ import annotations

__version__ = "0.1.0"
