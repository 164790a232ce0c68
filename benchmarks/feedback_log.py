"""A workspace with a log of questions, reports and cases of any size, written straight into its catalog.

Reports and cases come from the classes that the platform writes and reads, questions as `Trace` writes them, in bulk;
the catalog is one file of SQLite. Pages, people and use cases are as many in any size, as in an organisation that goes
on asking; who asks what of which page is drawn with few at the top (Zipf), over a year. A page has three root causes
that it is reported for.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert

from concord.bootstrap import Concord
from concord.catalog import texts
from concord.catalog.cases import row_of
from concord.catalog.engine import writing
from concord.catalog.schema import cases, items, reports
from concord.catalog.told import sentence
from concord.governance import activation
from concord_feedback.cases import About, Case, Fix, Proof, Reach, Report, Severity, State, SubState
from concord_feedback.causes import RootCause
from concord_taxonomy.standard import ContentItem

PAGES = 2_000
PEOPLE = 500
USE_CASES = 8
DEPARTMENTS = ("People", "Finance", "Engineering", "Legal", "Operations")
DAYS = 365
NOW = datetime.now(UTC)
_AT_ONCE = 20_000
_RULES = ("tier", "source_ranking", "claim_date", "effective_date", "specificity")


def workspace(folder: Path) -> Concord:
    """An empty workspace with people, owners and use cases in force: u0 sorts cases, as one of the leads too."""
    users = "".join(
        f"  - {{id: u{n}, name: Person {n}, department: {DEPARTMENTS[n % 5]}, groups: [staff{', leads' * (n == 0)}]}}\n"
        for n in range(PEOPLE)
    )
    owners = "".join(
        f"  - match: {{source: s{n}}}\n    owner: user:u{n + 1}\n    steward: user:u{n + 21}\n    backup: group:leads\n"
        for n in range(20)
    )
    files = {
        "concord.yaml": "name: Bench\nembedding: {runtime: hashing}\n",
        "principals.yaml": f"users:\n{users}groups:\n  - {{id: staff}}\n  - {{id: leads}}\n",
        "ownership.yaml": f"rules:\n{owners}roles: {{triage: user:u0}}\n",
        **{
            f"sources/s{n}.yaml": "connector: files\noptions: {path: nothing}\n"
            "mapping: {fields: {readers: {const: ['group:staff']}}}\n"
            for n in range(20)
        },
        **{f"usecases/c{n}.yaml": f"title: Case {n}\naudience: [group:staff]\n" for n in range(USE_CASES)},
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    concord = Concord.open(folder)
    activation.apply(concord.engine, concord.desired().declarations, "local:bench")
    return concord


@dataclass
class Log:
    """Draws and writes a log."""

    engine: Engine
    seed: int

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(PAGES)))

    def write(self, questions: int, reported: int) -> int:
        """Write pages, questions and reports with their cases; returns how many cases there are."""
        with writing(self.engine) as connection:
            texts.keep(connection, ["A page."])
            connection.execute(insert(items), [self._item(number) for number in range(PAGES)])
        for start in range(0, questions, _AT_ONCE):
            with writing(self.engine, renews=False) as connection:
                self._traces(connection, range(start, min(start + _AT_ONCE, questions)))
        found = self._cases(reported, questions)
        with writing(self.engine, renews=False) as connection:
            rows = [row_of(case) | {"id": case.id} for case, _ in found]
            connection.execute(insert(cases), rows)
            connection.execute(insert(reports), [each for case, held in found for each in _report_rows(case, held)])
        return len(found)

    def _item(self, number: int) -> dict[str, Any]:
        source = f"s{number % 20}"
        item = ContentItem(
            identifier=f"{source}/page-{number}.md",
            source=source,
            title=f"Page {number} of what applies",
            was_derived_from={"native_id": f"page-{number}.md", "version": "1"},  # type: ignore[arg-type]
            publisher=DEPARTMENTS[number % 5],
            contact_point=f"user:u{number % 20 + 1}",
            readers=("group:staff",),
            review_due=date(2020, 1, 1) + timedelta(days=self.random.randrange(4_000)),
        )
        return {
            "identifier": item.identifier,
            "source": source,
            "native_id": f"page-{number}.md",
            "revision": 1,
            "item": item.model_dump(mode="json"),
            "body": texts.text_hash("A page."),
            "live": True,
            "labels": "",
            "record_version": "1",
            "context": "",
            "index_state": "",
            "mined": "bench",
            "owner": item.contact_point,
            "review_due": item.review_due,
        }

    def _page(self) -> str:
        # The least asked tenth is never asked.
        number = self.random.choices(range(PAGES - PAGES // 10), cum_weights=self.weights[: PAGES - PAGES // 10])[0]
        return f"s{number % 20}/page-{number}.md"

    def _traces(self, connection: Connection, numbers: range) -> None:
        """Write questions with their answers: two pages cited, or an abstention in one of ten."""
        asked, said = [], []
        for number in numbers:
            at = NOW - timedelta(seconds=self.random.randrange(DAYS * 86_400))
            pages = [] if self.random.random() < 0.1 else [self._page(), self._page()]
            quotes = [_QUOTES[self.random.randrange(len(_QUOTES))] for _ in pages]
            found = list(zip(pages, quotes, strict=True))
            name, moment = f"{number:036d}", at.strftime("%Y-%m-%d %H:%M:%S.000000")
            person, use_case = f"u{self.random.randrange(PEOPLE)}", f"c{self.random.randrange(USE_CASES)}"
            question = f"How many days apply in matter {number % 5000}?"
            asked.append((name, moment, person, use_case, question, _data(name, at, person, use_case, question, found)))
            for place, (page, quote) in enumerate(sorted(set(found))):
                said.append((name, place, moment, page, _HASHES[quote], 1))
        connection.exec_driver_sql("INSERT INTO traces VALUES (?, ?, ?, ?, ?, ?)", asked)
        if said:
            connection.exec_driver_sql("INSERT INTO told VALUES (?, ?, ?, ?, ?, ?)", said)

    def _cases(self, reported: int, questions: int) -> list[tuple[Case, list[Report]]]:
        about: dict[About, list[Report]] = defaultdict(list)
        causes = list(RootCause)
        for number in range(reported):
            page = self._page()
            cause = self.random.choice(random.Random(page).sample(causes, 3))
            scope = f"c{self.random.randrange(USE_CASES)}"
            gap = cause in (RootCause.MISSING_CONTENT, RootCause.UNDETERMINED)
            asked = NOW - timedelta(seconds=self.random.randrange(DAYS * 86_400))
            at = min(NOW, asked + timedelta(seconds=self.random.expovariate(1 / 40_000)))
            report = Report(
                key=f"correction/{number}",
                kind="correction",
                at=at,
                question=f"How many days apply in the matter of {page}?",
                principal=f"u{self.random.randrange(PEOPLE)}",
                trace=f"{self.random.randrange(questions):036d}",
                use_case=scope,
                reason="wrong",
                right_answer="27 days",
                asked_at=asked,
                cited=(f"{page}@1",),
                rule=self.random.choice(_RULES) if cause is RootCause.AUTHORITY_MISCONFIGURED else None,
            )
            about[About(cause, f"asked:{page}" if gap and number % 2 else page, "", scope)].append(report)
        return [self._case(number, each, held) for number, (each, held) in enumerate(about.items(), start=1)]

    def _case(self, number: int, about: About, held: list[Report]) -> tuple[Case, list[Report]]:
        held.sort(key=lambda each: each.at)
        begun = held[0].at
        case = Case(
            about,
            begun,
            begun,
            held[0].question,
            severity=self.random.choice(list(Severity)),
            acknowledge_by=begun + timedelta(days=3),
            fix_by=begun + timedelta(days=30),
            owner=f"user:u{self.random.randrange(1, 21)}",
            role="owner",
            by_hand=True,
            asked_at=held[0].asked_at,
            found_at=begun,
            reach=Reach.of(held),
            rule=next((each.rule for each in held if each.rule), ""),
            named=tuple(sorted({identifier for each in held for identifier in each.named})),
            diagnosis=tuple(
                {"probe": name, "outcome": "passed", "saw": "it is fine", "items": []} for name in "abcdefgh"
            ),
            id=number,
        )
        if self.random.random() < 0.5:
            known = begun + timedelta(seconds=self.random.expovariate(1 / 90_000))
            case = replace(case, state=State.ACKNOWLEDGED, acknowledged_at=known)
            if self.random.random() < 0.7:
                done = known + timedelta(seconds=self.random.expovariate(1 / 600_000))
                case = replace(
                    case,
                    state=State.RESOLVED,
                    sub_state=SubState.FIXED_CONFIRMED,
                    closed_at=done,
                    changed_at=done,
                    fix=Fix(done, "system:sync", "mended"),
                    proof=Proof(True, done, done),
                    reopened=int(self.random.random() < 0.1),
                )
        return case, held


_QUOTES = [f"What applies here is {days} days for everyone." for days in range(40)]
_HASHES = {each: sentence(each) for each in _QUOTES}


def _data(name: str, at: datetime, person: str, use_case: str, question: str, found: list[tuple[str, str]]) -> str:
    """The JSON of a trace, as `Trace` writes it: written by hand, which is many times as quick."""
    cited = ", ".join(
        f'{{"number": {number}, "identifier": "{page}", "revision": 1, "quote": "{quote}", "title": ""}}'
        for number, (page, quote) in enumerate(found, start=1)
    )
    evidence = ", ".join(
        f'{{"identifier": "{page}", "revision": 1, "ordinal": 0, "text": "{quote}", "title": "", "heading": "", '
        '"score": null}'
        for page, quote in found
    )
    reason = "null" if found else '"weak_evidence"'
    return (
        f'{{"id": "{name}", "at": "{at.isoformat()}", "principal": "{person}", "use_case": "{use_case}", '
        f'"question": "{question}", "as_of": "{at.date()}", "policy_version": "", "stages": [], '
        f'"evidence": [{evidence}], "answer": "", "abstained": {str(not found).lower()}, "reason": {reason}, '
        f'"citations": [{cited}], "conflicts": []}}'
    )


def _report_rows(case: Case, held: list[Report]) -> Iterator[dict[str, Any]]:
    for each in held:
        asked_at = each.asked_at.isoformat() if each.asked_at else None
        data = {**asdict(each), "at": each.at.isoformat(), "asked_at": asked_at}
        row = {"key": each.key, "case_id": case.id, "at": each.at, "principal": each.principal, "trace": each.trace}
        yield {**row, "data": data}
