"""Hybrid search under access and lifecycle filters."""
