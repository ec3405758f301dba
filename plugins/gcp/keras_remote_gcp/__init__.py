"""Google credentials and the gs:// artifact store for keras-remote."""

from __future__ import annotations

__version__ = "0.1.0"
