"""Google's own client for Cloud Storage, as a store takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_remote_core.roles import Context
from keras_remote_gcp.credentials import google_of

if TYPE_CHECKING:
  import google.auth.credentials
  from google.auth.transport.requests import AuthorizedSession
  from google.cloud.storage import Client
  from requests import Response

_CONNECTIONS = 64
_TIMEOUT = 60.0


def client(context: Context) -> Client:
  """A client with connections of its own.

  Raises:
    MissingCredentials: the context has none of Google's.
  """
  from google.cloud.storage import Client

  google = google_of(context.credentials)
  # A store needs no project; without one given the client would look for it.
  project = context.place.project or "none"
  made = Client(project=project, credentials=google, _http=_session(google))
  # Else it asks for the bucket, for telemetry: in the background, and needing
  # more than roles/storage.objectUser.
  made._bucket_metadata_cache = None
  return made


def options() -> dict[str, Any]:
  """How every call is made: how long it may take, and what is tried again."""
  from google.cloud.storage.retry import DEFAULT_RETRY

  waits = DEFAULT_RETRY.with_delay(initial=0.25, maximum=30.0, multiplier=2.0)
  return {"timeout": _TIMEOUT, "retry": waits.with_timeout(120.0)}


def _session(google: google.auth.credentials.Credentials) -> AuthorizedSession:
  """Connections enough for parallel transfers, which wait as they are asked.

  The client's own retries jitter, and take no notice of ``Retry-After``.
  """
  from google.auth.transport.requests import AuthorizedSession
  from requests.adapters import HTTPAdapter
  from urllib3 import Retry

  asked = Retry(
    total=5,
    connect=0,
    read=0,
    redirect=0,
    allowed_methods=None,
    raise_on_status=False,
  )
  session = AuthorizedSession(google)  # type: ignore[no-untyped-call]
  adapter = HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=asked)
  for scheme in ("https://", "http://"):
    session.mount(scheme, adapter)
  session.hooks["response"].append(_finished)
  return session


def _finished(answer: Response, **options: Any) -> None:
  """Reads an error to its end, so that its connection can be used again."""
  del options
  if not answer.ok:
    _ = answer.content
