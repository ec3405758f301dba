"""What users can say about their Google credentials."""

from __future__ import annotations

from attrs import frozen

from keras_remote_core.settings import setting


@frozen(kw_only=True)
class GoogleSettings:
  """The settings of the authenticator ``google``."""

  credentials_file: str | None = setting(
    None,
    "a file of Google credentials, in place of the application default ones",
  )
  impersonate: str | None = setting(
    None, "the email of a service account to act as"
  )
