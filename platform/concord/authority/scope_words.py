"""Words that tell scopes apart: roles, people, alternatives. Data, no logic."""

from __future__ import annotations

ROLES = (
    "director", "manager", "supervisor", "operator", "clerk", "planner", "officer", "analyst", "apprentice", "intern",
    "contractor", "consultant", "technician", "driver", "teacher", "nurse", "doctor", "lawyer", "solicitor",
    "accountant", "auditor", "assistant", "administrator", "secretary", "executive", "architect", "designer",
    "developer", "researcher",
    "trainee", "graduate", "volunteer", "freelancer", "pilot", "captain", "inspector", "welder", "electrician",
    "mechanic", "cleaner", "cook", "chef", "librarian", "student", "trustee", "governor",
)  # fmt: skip
"""Jobs and standings: a claim about one of them does not hold for another."""

ACTS = (
    "approval", "authorisation", "authorization", "sign-off", "signature", "consent", "permission", "agreement",
    "involvement", "advice", "review",
)  # fmt: skip
"""What is got from whoever is named after it: "the approval of a director" holds for everybody."""

BODIES = (
    "Office", "Department", "Ministry", "Division", "Bureau", "Agency", "Board", "Committee", "Institute", "Director",
    "Head", "Chief",
)  # fmt: skip
"""What has a name that goes on after "of": "the Office of Acquisition" is no office that acquisition has."""

PEOPLE = ("employees", "staff", "colleagues", "workers", "engineers", "managers", "members", "personnel", "teams")
"""People after an organisation's name: "Engineering employees"."""

NO_ORGANISATION = frozenset(
    """all every most some many new our your their these those the other any only both when if for as where each
    existing current former senior junior eligible permanent temporary full-time part-time
    team individual line""".split()  # noqa: SIM905
)
"""Capitalised at a sentence's start, yet no organisation."""

NO_PLACE = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december i english q1 q2 q3 q4""".split()  # noqa: SIM905
)
"""Capitalised after "in" or "of", yet no place and no product."""

ALIASES: dict[str, str] = {
    "united kingdom": "uk",
    "great britain": "uk",
    "united states": "us",
    "united states of america": "us",
    "usa": "us",
    "european union": "eu",
}
"""Names of one place."""

ALTERNATIVES: dict[str, tuple[str, ...]] = {
    "hours": ("full-time", "part-time"),
    "contract": ("permanent", "temporary", "fixed-term"),
    "journey": ("domestic", "international", "overseas"),
    "side": ("internal", "external"),
    "day": ("weekday", "weekend"),
    "trade": ("import", "export"),
    "direction": ("inbound", "outbound"),
    "seniority": ("junior", "senior"),
    "ticket": ("economy", "business class", "first class"),
    "sitting": ("breakfast", "lunch", "dinner"),
    "season": ("summer", "winter"),
    "week": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "environment": ("production", "staging", "development"),
}
"""Conditions of which one excludes the others of its group."""
