"""Signatures over JSON documents, and digests of files."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def sign(document: Mapping[str, Any], key: bytes) -> dict[str, Any]:
  """The document with a ``signature``: HMAC-SHA256 over all the rest."""
  return {**document, "signature": _mac(document, key)}


def verify(document: Mapping[str, Any], key: bytes) -> bool:
  """Says whether ``signature`` is that of the rest under this key."""
  rest = {name: document[name] for name in document if name != "signature"}
  signature = document.get("signature")
  return isinstance(signature, str) and hmac.compare_digest(
    _mac(rest, key).encode(), signature.encode("utf-8", "surrogatepass")
  )


def canonical(document: Mapping[str, Any]) -> bytes:
  """The one byte string of a JSON document."""
  return json.dumps(
    document, sort_keys=True, separators=(",", ":"), ensure_ascii=True
  ).encode()


def file_sha256(path: Path) -> str:
  """The digest of a file, read in pieces."""
  with open(path, "rb") as file:
    return hashlib.file_digest(file, "sha256").hexdigest()


def _mac(document: Mapping[str, Any], key: bytes) -> str:
  return hmac.new(key, canonical(document), hashlib.sha256).hexdigest()
