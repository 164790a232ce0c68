"""What of a run somebody may see: the questions about pages that they may read, and figures of those alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from concord.catalog import evaluations, items
from concord.catalog.evaluations import Judgement
from concord_evals.figures import Figure, figures
from concord_evals.runs import Run
from concord_evals.scorecards import Scorecard, scorecards
from concord_evals.scoring import Score, parse_score
from concord_feedback import ExpectedConflict, GoldenQuestion
from concord_taxonomy.standard import Principal


@dataclass(frozen=True)
class Seen:
    """A run as far as a person may see it. `others` says that they may look into other people's traces.

    A question is seen by who may read every page that it names. One that names none, as those that nobody can answer,
    is seen by who asks it, and by who may look into other people's traces: its words may come from a closed page.
    Everything else is like what is not there, and no figure counts it.
    """

    run: Run
    scores: tuple[Score, ...]
    questions: Mapping[str, GoldenQuestion]
    judgements: tuple[Judgement, ...]
    readable: Collection[str]

    @classmethod
    def of(cls, connection: Connection, run: Run, who: Principal, *, others: bool) -> Seen:
        """Read a run for a person."""
        scores = [parse_score(each) for each in evaluations.scores(connection, run.id)]
        named = {each.id: _named(each) for each in run.questions}
        cited = {each.rpartition("@")[0] for score in scores for each in score.cited}
        readable = items.readable(connection, who, cited.union(*named.values())).keys()
        questions = {
            each.id: each
            for each in run.questions
            if (named[each.id] <= readable if named[each.id] else others or each.principal == f"user:{who.id}")
        }
        judged = [each for each in evaluations.judgements(connection, run.id) if each.question in questions]
        return cls(run, tuple(each for each in scores if each.id in questions), questions, tuple(judged), readable)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures of what is seen."""
        return figures(self.scores, self.judgements)

    @cached_property
    def wrong(self) -> list[Score]:
        """Questions that are not right, those that could not be measured among them."""
        return [each for each in self.scores if each.right is not True]

    @property
    def scorecards(self) -> list[Scorecard]:
        """What each group makes of its use case, by what is seen."""
        return scorecards(self.run, self.scores, self.judgements)

    def score(self, question: str) -> Score | None:
        """The score of a question that is seen."""
        return next((each for each in self.scores if each.id == question), None)

    def cited(self, score: Score) -> list[tuple[str, int]]:
        """What an answer cited, as far as it may be read: identifiers with revisions."""
        pairs = [each.rpartition("@") for each in score.cited]
        return [(name, int(revision)) for name, _, revision in pairs if name in self.readable]


def _named(question: GoldenQuestion) -> set[str]:
    """Every page that a question is about."""
    named = {each.identifier for each in question.wanted()}
    if isinstance(question.conflict, ExpectedConflict):
        named |= {*filter(None, [question.conflict.winner]), *question.conflict.losers}
    return named


def comparable(before: Seen, after: Seen) -> tuple[Sequence[Score], Sequence[Score]]:
    """The scores of two runs, without the questions that either of them keeps from the person.

    What one of the runs did not ask stays: there it is missing, and a comparison says so.
    """
    hidden = {each.id for seen in (before, after) for each in seen.run.questions if each.id not in seen.questions}
    return [each for each in before.scores if each.id not in hidden], [
        each for each in after.scores if each.id not in hidden
    ]
