"""Makes pages of what the code says of itself; each module makes one kind."""
