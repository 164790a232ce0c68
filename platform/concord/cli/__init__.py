"""The command line: one file per command, each with a `register` that adds it to the application.

Command modules import typer and the standard library alone; everything else is imported where a command runs.
"""
