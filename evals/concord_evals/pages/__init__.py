"""Pages of runs, comparisons, questions and scorecards, plugged in by the entry point `concord.pages`."""

from __future__ import annotations

from pathlib import Path

from concord.access.actions import Action
from concord.service.web.sections import Section
from concord_evals.pages.routes import router

_HERE = Path(__file__).parent

SECTION = Section("evaluations", "Evaluations", router, Action.READ_EVALUATIONS, _HERE / "templates", _HERE / "static")

__all__ = ["SECTION"]
