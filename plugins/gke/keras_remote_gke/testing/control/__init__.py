"""The API server: objects, their rules, and the requests that change them."""

from __future__ import annotations
