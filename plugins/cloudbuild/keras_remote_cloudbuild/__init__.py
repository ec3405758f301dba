"""Images for keras-remote jobs, built once by Cloud Build and found by content."""

from __future__ import annotations

__version__ = "0.1.0"
