"""What a local job inherits of this process's environment: the machine's part.

Everything else comes the way it does in the cloud: captured or given.
"""

from __future__ import annotations

from collections.abc import Mapping

_NAMES = frozenset(
  "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR TEMP TMP TERM"
  " VIRTUAL_ENV SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE"
  " HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy".split()
)
_PREFIXES = ("LC_", "LD_", "DYLD_", "PIP_", "UV_", "XDG_", "CONDA_")


def inherited(environ: Mapping[str, str]) -> dict[str, str]:
  """The variables that make this machine usable at all."""
  return {
    name: value
    for name, value in environ.items()
    if name in _NAMES or name.startswith(_PREFIXES)
  }
