"""Qdrant Edge as an index: the engine in this process (`shard`), or shared through an index process (`client`)."""
