"""Checks of a workspace's state, each with its remedy: what `concord doctor` reports."""

from concord.doctor.files import files, owners
from concord.doctor.model import Check, Level
from concord.doctor.report import examine

__all__ = ["Check", "Level", "examine", "files", "owners"]
