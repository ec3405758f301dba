"""Makes what jobs need on Google Cloud, by Pulumi, and removes it again."""

from __future__ import annotations

__version__ = "0.1.0"
