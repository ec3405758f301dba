"""Runs keras-remote jobs on a machine that ssh reaches."""

from __future__ import annotations

__version__ = "0.1.0"
