"""Dashboards: cases as they are counted, sorted and listed for whoever deals with them."""

from concord.governance.dashboards.boards import Boards, CaseRow, Insights, Listed
from concord.governance.dashboards.holding import Holders
from concord.governance.dashboards.ledger import Entry, Ledger

__all__ = ["Boards", "CaseRow", "Entry", "Holders", "Insights", "Ledger", "Listed"]
