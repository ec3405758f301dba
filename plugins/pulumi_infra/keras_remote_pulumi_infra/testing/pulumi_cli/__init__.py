"""A stand-in for the ``pulumi`` executable; ``TESTING.md`` says how far."""
