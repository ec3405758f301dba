"""The plugin's settings: parameters of ``@run`` and environment variables."""

from __future__ import annotations

from attrs import frozen

from keras_remote_core import setting


@frozen(kw_only=True)
class SshSettings:
  """Where the jobs run."""

  ssh_host: str | None = setting(
    None,
    "the machine, as ssh knows it; by default this one, without ssh",
    run=True,
    env="KERAS_REMOTE_SSH_HOST",
  )
  python: str = setting("python3", "the Python there that starts the jobs")
