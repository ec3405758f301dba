"""Runs keras-remote jobs as Kubernetes Jobs on GKE."""

from __future__ import annotations

__version__ = "0.1.0"
