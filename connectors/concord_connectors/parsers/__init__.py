"""Parsers: one file per format, each giving Markdown."""
