"""What a request asks the API server for."""

from __future__ import annotations

from attrs import frozen

from keras_remote_gke.testing.control.resources import Resource


@frozen(kw_only=True)
class Asked:
  """What a request does to what."""

  verb: str
  resource: Resource
  space: str = ""
  name: str = ""
  part: str = ""

  @property
  def target(self) -> str:
    """The resource as rules have it: ``pods``, ``pods/log``."""
    plural = self.resource.plural
    return f"{plural}/{self.part}" if self.part else plural
