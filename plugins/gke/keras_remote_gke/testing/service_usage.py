"""Google's Service Usage API: in the emulated project every API is enabled."""

from __future__ import annotations

from attrs import frozen

from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.tokens import Tokens


@frozen(kw_only=True)
class ServiceUsage:
  """Knows one project."""

  project: str
  tokens: Tokens | None

  def answer(self, request: Request) -> Response:
    if self.tokens and not self.tokens.allows(request.headers):
      return _refused(401, "UNAUTHENTICATED", "no valid token")
    if request.path != f"/v1/projects/{self.project}/services:batchGet":
      told = "Project not found or permission denied."
      return _refused(403, "PERMISSION_DENIED", told)
    names = [value for key, value in request.query_pairs if key == "names"]
    services = [{"name": each, "state": "ENABLED"} for each in names]
    return Response.json({"services": services})


def _refused(code: int, status: str, message: str) -> Response:
  error = {"code": code, "message": message, "status": status}
  return Response.json({"error": error}, code)
