"""Runs keras-remote jobs on several TPU machines through Pathways."""

from __future__ import annotations

__version__ = "0.1.0"
