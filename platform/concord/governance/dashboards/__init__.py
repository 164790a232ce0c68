"""Dashboards: cases as they are counted, sorted and listed for whoever deals with them."""

from concord.governance.dashboards.boards import Boards, CaseRow, Insights, Listed
from concord.governance.dashboards.holding import Holders

__all__ = ["Boards", "CaseRow", "Holders", "Insights", "Listed"]
