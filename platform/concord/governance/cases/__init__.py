"""Cases of a workspace: who gets them, what one person may see of them, and what becomes of them."""

from concord.governance.cases.desk import CaseDesk
from concord.governance.cases.filing import about_of, report_of
from concord.governance.cases.places import Places
from concord.governance.cases.shown import ShownCase

__all__ = ["CaseDesk", "Places", "ShownCase", "about_of", "report_of"]
