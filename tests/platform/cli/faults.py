"""Faults of the small workspace: a page past its review, two pages that contradict, and the wrong one ranked first."""

LEAVE = "people-handbook/leave.md"
OTHER = "finance-policies/leave.md"
QUESTION = "How many days of annual leave does everyone receive a year?"
SAYS_24 = "---\nmodified: 2026-02-01\n---\n# Annual leave\n\nEveryone receives 24 days of annual leave a year.\n"
_MODIFIED = "    modified: {path: metadata.modified, date: true}\n"


def overdue(workspace):
    due = f"{_MODIFIED}    review_due: {{path: metadata.due, date: true}}\n"
    workspace.replace("sources/people-handbook.yaml", _MODIFIED, due)
    workspace.replace("content/people/leave.md", "replaces:", "due: 2026-03-01\nreplaces:")


def conflicting(workspace):
    workspace.write("content/finance/leave.md", SAYS_24)


def misranked(workspace):
    conflicting(workspace)
    ranking = '- {concept: "https://small.example/id/leave", sources: [finance-policies, people-handbook]}'
    workspace.replace("authority.yaml", "rankings:\n", f"rankings:\n  {ranking}\n")
