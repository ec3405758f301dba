"""What acts on objects: Jobs, scheduling, garbage collection, lost nodes."""

from __future__ import annotations
