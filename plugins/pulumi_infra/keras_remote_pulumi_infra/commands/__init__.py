"""``up``, ``down``, ``status``, ``pool`` and ``init``."""
