"""Concord: the platform that joins sources, vocabulary and authority into governed answers."""
