"""Use cases: audience, concepts, sources and answer policy."""
