"""What Google's services answer when they do not do what was asked."""

from __future__ import annotations

import http.client

from keras_remote_gcp.testing.messages import Response


class Refusal(Exception):
  """A request that is answered with an error."""

  def __init__(self, status: int, message: str, reason: str = "") -> None:
    super().__init__(message)
    self.status, self.message = status, message
    self.reason = reason or http.client.responses.get(status, "")

  def response(self) -> Response:
    """The answer, in the shape of all of Google's JSON services."""
    detail = {
      "domain": "global",
      "reason": self.reason,
      "message": self.message,
    }
    error = {"code": self.status, "message": self.message, "errors": [detail]}
    headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}
    return Response.json({"error": error}, status=self.status, headers=headers)


def no_bucket() -> Refusal:
  return Refusal(404, "The specified bucket does not exist.", "notFound")


def no_object(bucket: str, name: str) -> Refusal:
  return Refusal(404, f"No such object: {bucket}/{name}", "notFound")


def no_such(path: str) -> Refusal:
  return Refusal(404, f"There is nothing at {path}.", "notFound")


def precondition() -> Refusal:
  told = "At least one of the pre-conditions you specified did not hold."
  return Refusal(412, told, "conditionNotMet")


def invalid(message: str) -> Refusal:
  return Refusal(400, message, "invalid")


def unauthorized() -> Refusal:
  return Refusal(401, "Invalid Credentials", "authError")
