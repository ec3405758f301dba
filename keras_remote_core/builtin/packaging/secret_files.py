"""Files that look as if they hold secrets, by name and by content."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from pathlib import Path, PurePath

from keras_remote_core.builtin.packaging.survey import Stamp

_NAMES = (
  ".env*",
  "*.pem",
  "*.key",
  "*.p12",
  "*.pfx",
  "*.ppk",
  "id_rsa*",
  "id_dsa*",
  "id_ecdsa*",
  "id_ed25519*",
  ".git-credentials",
  ".htpasswd",
  ".netrc",
  ".pypirc",
  "kaggle.json",
)
_NAMED = re.compile("|".join(map(fnmatch.translate, _NAMES)), re.IGNORECASE)
# Google's credential files, https://google.aip.dev/auth/4112 and 4113.
_CREDENTIAL = re.compile(rb'"type"\s*:\s*"(service_account|authorized_user)"')
_SNIFFED = 64 << 10


def named_like_a_secret(name: str) -> bool:
  """Whether a file's name says that it holds secrets; Python code never does."""
  return bool(_NAMED.match(name)) and not name.endswith(".py")


def looks_secret(
  path: str,
  stamp: Stamp,
  recall: Callable[[str, Stamp, Callable[[], bool]], bool],
) -> bool:
  """Whether a file holds secrets, going by its name or its content.

  Args:
    recall: returns what is remembered of a path at a stamp, or calls.
  """
  name = PurePath(path).name
  if named_like_a_secret(name):
    return True
  if not name.lower().endswith(".json") or stamp.size > _SNIFFED:
    return False
  return recall(path, stamp, lambda: _holds_credentials(Path(path)))


def _holds_credentials(path: Path) -> bool:
  return bool(_CREDENTIAL.search(path.read_bytes()))
