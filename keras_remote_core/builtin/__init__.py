"""The core's own plugin; it comes in by the same hooks as any other."""
