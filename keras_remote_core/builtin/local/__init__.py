"""The embedded backend: the real runner in a fresh process on this machine."""
