"""The vector index behind one Protocol, and its engines."""
