"""Moto's S3, and what it leaves out: signatures that count, one thing at a time.

    python server.py

says its port in a line. It runs where moto and botocore are, which is not
where the tests run. What is posted to ``/faults`` spoils requests to come: a
list of objects with a ``method``, a part of the ``path``, a ``kind``, and how
many ``times``.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import socket
import sys
import urllib.parse

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.moto_server.werkzeug_app import MotoRequestHandler
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

SECRETS = {"AKIDEXAMPLE": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
_AUTHORIZATION = re.compile(
  r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d+/([^/]+)/s3/aws4_request, ?"
  r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)
_REFUSALS = {
  "slow": ("503 Slow Down", "SlowDown", "Please reduce your request rate."),
  "late": ("200 OK", "InternalError", "We encountered an error."),
  "denied": ("403 Forbidden", "AccessDenied", "Access Denied"),
  "moved": ("301 Moved", "PermanentRedirect", "Use another endpoint."),
  "forged": ("403 Forbidden", "SignatureDoesNotMatch", "They do not match."),
  "unknown": ("403 Forbidden", "InvalidAccessKeyId", "There is no such key."),
}


class Server:
  """The application; nothing in it runs at the same time as anything else."""

  def __init__(self):
    self._moto = DomainDispatcherApplication(create_backend_app)
    self._faults = []

  def __call__(self, environ, start_response):
    size = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(size)
    environ["wsgi.input"] = io.BytesIO(body)
    if environ["PATH_INFO"] == "/faults":
      self._faults = json.loads(body)
      start_response("204 No Content", [])
      return []
    if environ["PATH_INFO"].startswith("/moto-api/"):
      return self._moto(environ, start_response)
    kind = _flaw(environ, body) or self._fault(environ)
    if kind in _REFUSALS:
      return _refused(kind, start_response)
    data = b"".join(self._moto(environ, start_response))
    if kind == "replaced":
      self._replace(environ, data[::-1])
    return _spoilt(kind, data, environ["werkzeug.socket"])

  def _replace(self, environ, data):
    body = {"wsgi.input": io.BytesIO(data), "CONTENT_LENGTH": str(len(data))}
    put = {**environ, **body, "REQUEST_METHOD": "PUT"}
    list(self._moto(put, lambda *_: None))

  def _fault(self, environ):
    for each in self._faults:
      hit = each["path"] in environ["RAW_URI"] and each["times"] > 0
      if hit and each["method"] == environ["REQUEST_METHOD"]:
        each["times"] -= 1
        return each["kind"]
    return None


def _flaw(environ, body):
  """What is wrong with who signed a request, as botocore signs it."""
  found = _AUTHORIZATION.fullmatch(environ.get("HTTP_AUTHORIZATION", ""))
  if found is None:
    return "denied"
  key, region, names, signature = found.groups()
  if key not in SECRETS:
    return "unknown"
  headers = {name: _header(environ, name) for name in names.split(";")}
  if headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
    return "forged"
  auth = S3SigV4Auth(Credentials(key, SECRETS[key]), "s3", region)
  url = f"http://{environ['HTTP_HOST']}{environ['RAW_URI']}"
  # As Amazon does, whatever way the query was escaped.
  query = urllib.parse.parse_qsl(environ["QUERY_STRING"], True)
  request = AWSRequest(environ["REQUEST_METHOD"], url, headers, params=query)
  request.context["timestamp"] = headers["x-amz-date"]
  text = auth.string_to_sign(request, auth.canonical_request(request))
  return None if auth.signature(text, request) == signature else "forged"


def _header(environ, name):
  bare = name.upper().replace("-", "_")
  plain = bare in ("CONTENT_TYPE", "CONTENT_LENGTH")
  return environ[bare if plain else f"HTTP_{bare}"]


def _refused(kind, start_response):
  status, code, message = _REFUSALS[kind]
  text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
  start_response(status, [("Content-Type", "application/xml")])
  return [text.encode()]


def _spoilt(kind, data, connection):
  """What is sent of an answer: none or half of it where that was asked for."""
  if kind in ("cut", "replaced"):
    yield data[: len(data) // 2]
  if kind in ("cut", "lost", "replaced"):
    connection.shutdown(socket.SHUT_RDWR)
    return
  yield data


def main():
  served = make_server(
    "127.0.0.1", 0, Server(), request_handler=MotoRequestHandler
  )
  sys.stdout.write(f"{served.port}\n")
  sys.stdout.flush()
  served.serve_forever()


if __name__ == "__main__":
  main()
