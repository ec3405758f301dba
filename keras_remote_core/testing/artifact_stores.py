"""What an artifact store promises, as tests to subclass.

One suite for both sides: for the class that clients use, and for what the
remote module's ``connect(url)`` returns.
"""

from __future__ import annotations

from typing import Any

import pytest

from keras_remote_core.testing.store_failures import Failures
from keras_remote_core.testing.store_objects import Objects
from keras_remote_core.testing.store_prefixes import Prefixes
from keras_remote_core.testing.store_races import Opener, Races


class ArtifactStoreConformance(Objects, Prefixes, Races, Failures):
  """Subclass with a fixture ``store``: an empty store, opened.

  A fixture ``opener`` may return a picklable callable that opens the same
  store in another process; without one, the races between processes are left
  out. A fixture ``unreachable`` may return a callable that opens a store which
  cannot be reached, or fails to.

  Attributes:
    failure: what a store out of reach raises; set it to ``OSError`` for a job's
      side, which lists plain tuples, too.
  """

  @pytest.fixture
  def store(self) -> Any:
    raise NotImplementedError("give the suite a fixture 'store'")

  @pytest.fixture
  def opener(self) -> Opener | None:
    return None

  @pytest.fixture
  def unreachable(self) -> Opener | None:
    return None
