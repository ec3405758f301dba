"""The API server's certificate, and the authority it is of."""

from __future__ import annotations

import ssl
from typing import Any


class Authority:
  """Certifies this machine's loopback address.

  Attributes:
    certificate: the authority's own, as PEM.
    server: what a server shows.
  """

  def __init__(self) -> None:
    import trustme

    authority: Any = trustme.CA(organization_name="Emulated GKE")
    self.certificate: bytes = authority.cert_pem.bytes()
    self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.server)
