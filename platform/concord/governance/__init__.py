"""Activation of the workspace's files, and proposals."""
