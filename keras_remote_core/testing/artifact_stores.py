"""What an artifact store promises, as tests to subclass.

One suite for both sides: for the class that clients use, and for what the
remote module's ``connect(url)`` returns.
"""

from __future__ import annotations

from typing import Any

import pytest

from keras_remote_core.testing.store_objects import Objects
from keras_remote_core.testing.store_prefixes import Prefixes
from keras_remote_core.testing.store_races import Opener, Races


class ArtifactStoreConformance(Objects, Prefixes, Races):
  """Subclass with a fixture ``store``: an empty store, opened.

  A fixture ``opener`` may return a picklable callable that opens the same
  store in another process; without one, the races between processes are left
  out.
  """

  @pytest.fixture
  def store(self) -> Any:
    raise NotImplementedError("give the suite a fixture 'store'")

  @pytest.fixture
  def opener(self) -> Opener | None:
    return None
