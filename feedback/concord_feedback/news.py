"""What whoever is told of a case reads, by the kind of news."""

from __future__ import annotations

from collections.abc import Mapping

NEWS: Mapping[str, str] = {
    "case.routed": "This case became yours",
    "case.assigned": "This case was given to you",
    "case.escalated": "This case was passed on to you: its deadline had gone by",
    "case.fix_rejected": "The fix did not help: the question is still answered wrongly",
    "case.fix_declined": "The change that was proposed for this case was not approved: it is yours again",
    "case.unproven": "Nothing can prove the fix of this case: close it by hand, with a reason and a comment",
    "case.regressed": "A fixed case is broken again",
    "case.reopened": "This case was opened again",
    "case.disputed": "Somebody says that what was reported is not so",
    "case.fixed_confirmed": "What you reported is fixed: the question was asked again, and is answered rightly now",
    "case.resolved": "What you reported was looked at and closed",
    "answer.corrected": "A page that an answer of yours quoted was corrected since. Ask again to see what holds now",
}
