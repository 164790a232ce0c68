"""How an index is laid out, whatever engine holds it: its vectors, payload indexes and the graph's settings."""

from __future__ import annotations

# Raised when vectors, tokens, payload fields or the settings below change.
FORMAT = 1

DENSE = "dense"

# Indexed without a graph of their own for each value, which is what loses results under two conditions at once.
KEYWORDS = ("readers", "status", "source", "publisher", "tier", "concepts", "identifier")
DAYS = ("valid_from", "valid_until")

GRAPH_LINKS = 16
GRAPH_EFFORT = 100

# In KB of vectors. With the engine's default a filter that passes 6 % of 200,000 points found 0.30 of what it should:
# below this size the engine scans what passes the filter instead of walking the graph.
FULL_SCAN_THRESHOLD = 200_000
