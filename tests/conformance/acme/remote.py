"""What jobs get of the plugin's store."""

from __future__ import annotations

import pathlib


def connect(url):
  return pathlib.Path(url)
