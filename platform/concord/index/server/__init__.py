"""A Qdrant server or cluster as an index, through `qdrant-client` (a slow import: only where a server is used)."""
