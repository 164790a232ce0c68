"""Traces, ownership, golden questions; pure, no input or output."""
