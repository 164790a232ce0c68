"""What whoever is told of a case reads, by the kind of news, and whether it still holds when they are sent it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from concord_feedback.cases import Case

NEWS: Mapping[str, str] = {
    "case.routed": "This case became yours",
    "case.assigned": "This case was given to you",
    "case.escalated": "This case was passed on to you: its deadline had gone by",
    "case.overdue": "This case is overdue, and nobody is next in line to take it",
    "case.fix_rejected": "The fix did not help, or not with every question: see which are still answered wrongly",
    "case.question_answered": "A question that you reported is answered rightly now. Its case stays open for others",
    "case.fix_declined": "The change that was proposed for this case was not approved: it is yours again",
    "case.unproven": "Whether the fix of this case helped is for a person to say: read the answer of now, and confirm "
    "it or close the case for another reason",
    "case.regressed": "What was fixed is broken again",
    "case.doubted": "What was fixed is looked at again: what is answered has changed since, and whether it still says "
    "what is right is for whoever has the case to say",
    "case.reopened": "This case was opened again",
    "case.merged": "This case of yours was joined with another about the same, which somebody else has",
    "case.report_joined": "What you reported is dealt with together with other reports of the same",
    "case.disputed": "Somebody says that what was reported is not so",
    "case.outcome_disputed": "Somebody says that the outcome of this case is not right: look at it, and open it again "
    "if so",
    "case.fixed_confirmed": "What you reported is fixed: the question was asked again, and is answered rightly now",
    "case.hidden_confirmed": "What should not be visible to you is not shown to you any more",
    "case.fixed_unjudged": "What you reported was worked on. Whether each question of yours is answered rightly now "
    "could not be judged: ask again, and if it is still wrong, report it with the right answer",
    "case.fixed_since": "What you reported was fixed after that answer was given: ask again, and if it is still wrong, "
    "report what you are told then",
    "case.fixed_otherwise": "What you reported was settled otherwise: more people said that something else is right, "
    "and that is what is answered now. If it is wrong, ask again and report it",
    "case.fixed_by_hand": "What you reported is fixed, says who dealt with it, having read the answer of now: ask "
    "again, and report it if it is still wrong",
    "case.taken_away": "A case that you had is mended: who reported that a page should not be visible to them may not "
    "read it any more",
    "case.resolved": "What you reported was looked at and closed",
    "case.archived": "What you reported was looked at and put away",
    "proposal.asked": "A change of the workspace waits for your decision",
    "proposal.waits": "A change of the workspace that mends a case waits for your decision",
    "proposal.escalated": "A change of the workspace was not decided on in time: now it waits for your decision too",
    "proposal.undecided": "Nobody has decided on the change that this case waits for, and nobody is next to be asked",
    "answer.corrected": "A page that an answer of yours quoted was corrected since. Ask again to see what holds now",
}

ASKED: Mapping[str, str] = {
    "case.report_joined": "What went wrong with a question of yours is dealt with together with others of the same",
    "case.fixed_confirmed": "What went wrong with a question of yours is fixed: asked again, it is answered now",
    "case.question_answered": "A question of yours that went wrong is answered rightly now. Its case stays open for "
    "others",
    "case.fixed_unjudged": "What went wrong with a question of yours was worked on. Whether it is answered now could "
    "not be judged: ask again, and report it if it is not",
    "case.fixed_since": "What went wrong with a question of yours was fixed after it was answered: ask again to see",
    "case.fixed_otherwise": "What went wrong with a question of yours was settled otherwise than was reported for you: "
    "ask again, and report it if it is wrong",
    "case.fixed_by_hand": "What went wrong with a question of yours is fixed, says who dealt with it, having read the "
    "answer of now: ask again, and report it if it is wrong",
    "case.resolved": "What went wrong with a question of yours was looked at and closed",
    "case.archived": "What went wrong with a question of yours was looked at and put away",
}
"""What somebody reads instead who asked, and reported nothing."""


TO_DECIDE = frozenset({"proposal.asked", "proposal.waits", "proposal.escalated"})
"""News of a proposal, to those who decide on it: nothing of the case is theirs to see."""


def told(kind: str, *, reported: bool) -> str:
    """What somebody reads who has reported it, or has only asked."""
    return NEWS.get(kind, kind) if reported else ASKED.get(kind) or NEWS.get(kind, kind)


def _theirs(case: Case, recipient: str) -> bool:
    return case.open and case.owner == recipient


def _unmended(case: Case, recipient: str) -> bool:
    return _theirs(case, recipient) and case.proof is not None and not case.proof.passed


def _confirmed(case: Case, _recipient: str) -> bool:
    return case.confirmed


_HOLDS: Mapping[str, Callable[[Case, str], bool]] = {
    "case.routed": _theirs,
    "case.assigned": _theirs,
    "case.escalated": _theirs,
    "case.overdue": lambda case, _: case.open,
    "case.fix_rejected": _unmended,
    "case.fix_declined": _theirs,
    "case.unproven": lambda case, _: bool(case.unproven),
    "proposal.undecided": lambda case, _: case.fix is not None and case.fix.proposal is not None and case.open,
    "case.regressed": lambda case, _: case.open,
    "case.doubted": lambda case, _: case.open,
    "case.reopened": _theirs,
    "case.disputed": lambda case, _: case.open,
    "case.outcome_disputed": lambda case, _: not case.open,
    "case.question_answered": lambda case, _: case.open,
    "case.fixed_confirmed": _confirmed,
    "case.hidden_confirmed": _confirmed,
    "case.fixed_unjudged": _confirmed,
    "case.taken_away": _confirmed,
    "case.fixed_otherwise": _confirmed,
    "case.fixed_since": _confirmed,
    "case.fixed_by_hand": lambda case, _: not case.open,
    "case.report_joined": lambda case, _: case.open,
    "case.resolved": lambda case, _: not case.open,
    "case.archived": lambda case, _: not case.open,
}


def holds(kind: str, case: Case, recipient: str) -> bool:
    """Whether news to a token still say how a case stands."""
    check = _HOLDS.get(kind)
    return check is None or check(case, recipient)
