"""Settings of the embedded backend."""

from __future__ import annotations

from attrs import frozen

from keras_remote_core.settings import setting


@frozen(kw_only=True)
class LocalSettings:
  """How jobs run on this machine."""

  isolated: bool = setting(
    False,
    "run in an environment made of the job's requirements alone",
    run=True,
  )
