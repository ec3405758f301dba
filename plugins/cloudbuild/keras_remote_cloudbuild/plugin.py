"""What this distribution contributes, in light providers."""

from __future__ import annotations
