"""Evaluations: golden sets and metrics."""
