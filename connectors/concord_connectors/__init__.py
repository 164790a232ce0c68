"""The connector contract, the sources, and the parsers that give Markdown."""
