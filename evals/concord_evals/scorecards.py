"""Scorecards: what each group of stakeholders makes of a use case, side by side, and where they do not agree.

Nothing is averaged over groups: an assistant that one group may not be given does not become good by another's praise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from concord.catalog.evaluations import Judgement
from concord.usecases import Stakeholder
from concord_evals.figures import Figure, figures, told
from concord_evals.runs import Run
from concord_evals.scoring import Score


class Mark(StrEnum):
    """Whether a threshold is met. What was not measured is neither, and accepts nothing."""

    MET = "met"
    MISSED = "missed"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Row:
    """A metric that a group asks for, with its figure over the group's questions."""

    metric: str
    threshold: float
    at_most: bool
    figure: Figure

    @property
    def mark(self) -> Mark:
        """Whether the figure is as good as asked; with anything missing it may be worse than it is."""
        mark = self.judge(self.figure.value)
        return Mark.UNDETERMINED if mark is Mark.MET and self.figure.missing else mark

    def judge(self, value: float | None) -> Mark:
        """Whether some value would be as good as asked."""
        if value is None:
            return Mark.UNDETERMINED
        return Mark.MET if (value <= self.threshold if self.at_most else value >= self.threshold) else Mark.MISSED


@dataclass(frozen=True, slots=True)
class Card:
    """What a group makes of a use case; `others` are figures, over its questions, of what other groups ask for."""

    group: str
    title: str
    owner: str | None
    questions: int
    rows: tuple[Row, ...]
    others: Mapping[str, Figure]

    def row(self, metric: str) -> Row | None:
        """What the group asks for of a metric, if anything."""
        return next((each for each in self.rows if each.metric == metric), None)

    @property
    def mark(self) -> Mark:
        """Met where every threshold is, missed where any is missed."""
        marks = {each.mark for each in self.rows}
        return next((each for each in (Mark.MISSED, Mark.UNDETERMINED) if each in marks), Mark.MET)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A metric on which groups come to different ends, each with its value, threshold and mark.

    `why` is `outcome` where one group's threshold is met and another's is not, and `threshold` where all come to the
    same end, yet what one group has would not do for another.
    """

    metric: str
    why: str
    sides: tuple[tuple[str, float | None, float, Mark], ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The cards of a use case's groups, as they are declared, and what the groups disagree on."""

    use_case: str
    cards: tuple[Card, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def metrics(self) -> list[str]:
        """Every metric that some group asks for."""
        return list(dict.fromkeys(row.metric for each in self.cards for row in each.rows))

    @property
    def divided(self) -> bool:
        """Whether some group accepts what another does not."""
        return len({each.mark is Mark.MET for each in self.cards}) > 1

    def to_json(self) -> dict[str, Any]:
        """The scorecard as JSON values."""
        return {
            "use_case": self.use_case,
            "divided": self.divided,
            "groups": [
                {
                    "group": each.group,
                    "title": each.title,
                    "owner": each.owner,
                    "questions": each.questions,
                    "verdict": each.mark.value,
                    "metrics": [
                        {
                            "metric": row.metric,
                            "at_most" if row.at_most else "at_least": row.threshold,
                            **asdict(row.figure),
                            "verdict": row.mark.value,
                        }
                        for row in each.rows
                    ],
                }
                for each in self.cards
            ],
            "disagreements": [
                {
                    "metric": each.metric,
                    "why": each.why,
                    "sides": [
                        {"group": group, "value": value, "threshold": threshold, "verdict": mark.value}
                        for group, value, threshold, mark in each.sides
                    ],
                }
                for each in self.disagreements
            ],
        }


def scorecards(run: Run, scores: Sequence[Score], judgements: Iterable[Judgement] = ()) -> list[Scorecard]:
    """The scorecards of a run: of each use case of which stakeholders were declared when it began."""
    judged = list(judgements)
    return [_scorecard(run, name, given, scores, judged) for name, given in run.stakeholders.items()]


def _scorecard(
    run: Run, use_case: str, stakeholders: Sequence[Stakeholder], scores: Sequence[Score], judged: list[Judgement]
) -> Scorecard:
    asked = {each.id: each for each in run.questions if each.use_case == use_case}
    mine = [each for each in scores if each.id in asked]
    wanted = {name for each in stakeholders for name in (*each.at_least, *each.at_most)}
    cards = []
    for each in stakeholders:
        own = [one for one in mine if each.questions == "all" or asked[one.id].group == each.group]
        found = figures(own, judged)
        rows = [
            Row(name, value, at_most, told(found, name))
            for at_most, part in ((False, each.at_least), (True, each.at_most))
            for name, value in part.items()
        ]
        others = {name: told(found, name) for name in sorted(wanted - {row.metric for row in rows})}
        cards.append(Card(each.group, each.title or each.group, each.owner, len(own), tuple(rows), others))
    return Scorecard(use_case, tuple(cards), tuple(_disagreements(cards)))


def _disagreements(cards: Sequence[Card]) -> Iterable[Disagreement]:
    sides: dict[str, list[tuple[str, Row]]] = {}
    for card in cards:
        for row in card.rows:
            sides.setdefault(row.metric, []).append((card.group, row))
    for metric, rows in sides.items():
        told_ = tuple((group, row.figure.value, row.threshold, row.mark) for group, row in rows)
        if len({row.mark for _, row in rows}) > 1:
            yield Disagreement(metric, "outcome", told_)
        elif any(one.judge(other.figure.value) is not other.mark for _, one in rows for _, other in rows):
            yield Disagreement(metric, "threshold", told_)
