"""Golden questions drafted from content, for a person to approve: headings, definitions and tables, without a model.

A draft is no golden question: it lies in a file of its own that no run asks, until somebody moves its line.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from concord.access import Directory
from concord.authority.claims import Claim
from concord.authority.values import extract_values
from concord.governance.register import Entry
from concord_feedback import GoldenQuestion
from concord_taxonomy.markdown import Block, BlockKind, blocks, plain, sentences
from concord_taxonomy.standard import ContentItem, Principal

KINDS = ("heading", "definition", "table", "no-permission", "unanswerable")

_DEFINITION = re.compile(
    r"(?P<article>(?:an?|the)\s+)?(?P<term>[\w][\w'’/ -]{2,60}?)\s+(?P<verb>is|are|means|refers to)\s+"
    r"(?:an?|the|any|every|all)\b.+",
    re.IGNORECASE,
)
_NO_TERMS = frozenset(
    {"it", "this", "that", "these", "those", "there", "they", "he", "she", "we", "you", "which", "here"}
)
_CELL = re.compile(r"\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with the words that answer it; `anchor` stands in the text as it is there."""

    kind: str
    question: str
    reference: str
    anchor: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """An item with its text."""

    item: ContentItem
    body: str


def drafts_of(title: str, body: str) -> Iterator[Draft]:
    """What the headings, definitions and tables of a page let one ask."""
    found = list(blocks(body))
    for number, block in enumerate(found):
        if block.kind is BlockKind.TABLE:
            yield from _table(body, block)
        elif block.kind is BlockKind.PARAGRAPH:
            behind = found[number - 1] if number else None
            yield from _paragraph(title, body, block, behind)


def _paragraph(title: str, body: str, block: Block, behind: Block | None) -> Iterator[Draft]:
    told = [each for each in sentences(body) if block.start <= each.start < block.end and len(each.text.split()) >= 4]
    if not told:
        return
    if behind is not None and behind.kind is BlockKind.HEADING and len(block.heading_path) > 1:
        first = told[0]
        question = _ended(f"What does “{title}” say about {_lowered(block.heading_path[-1])}")
        yield Draft("heading", question, first.text, _raw(body, first.start, first.end), _values(first.text))
    for each in told:
        match = _DEFINITION.fullmatch(each.text.strip())
        if match and _is_term(match):
            verb = "are" if match["verb"].casefold() == "are" else "is"
            question = _ended(f"What {verb} {(match['article'] or '').lower()}{_lowered(match['term'])}")
            yield Draft("definition", question, each.text, _raw(body, each.start, each.end))


def _is_term(match: re.Match[str]) -> bool:
    """Whether it is told what a word means: "the rules" of a page are some that it has told of."""
    words = match["term"].casefold().split()
    told_of = (match["article"] or "").strip().casefold() == "the" and len(words) == 1
    return words[0] not in _NO_TERMS and not told_of


def _table(body: str, block: Block) -> Iterator[Draft]:
    """For each row and column: what stands there."""
    rows = [line for line in body[block.start : block.end].split("\n") if line.strip()]
    header, *lines = [[plain(cell) for cell in _CELL.split(row.strip().strip("|").strip())] for row in rows]
    for raw, cells in zip(rows[1:], lines, strict=True):
        if not any(cell.strip("-: ") for cell in cells) or not cells[0]:
            continue
        for column, value in zip(header[1:], cells[1:], strict=False):
            if column and value:
                question = _ended(f"What is the {_lowered(column)} for {cells[0]}")
                yield Draft("table", question, value, " ".join(raw.split()), _values(value))


def _values(text: str) -> tuple[str, ...]:
    return tuple(found.value.text for found in extract_values(text))


def _raw(body: str, start: int, end: int) -> str:
    return " ".join(body[start:end].split())


def _ended(question: str) -> str:
    """A question with one mark, whatever the words that it takes from the page end with."""
    return f"{question.rstrip(' ?!.:;…')}?"


def _lowered(text: str) -> str:
    """A phrase as it stands inside of a sentence; abbreviations and names stay."""
    first, _, rest = text.strip().partition(" ")
    return f"{first if first[1:] != first[1:].lower() else first.lower()}{' ' if rest else ''}{rest}"


def drafted(
    pages: Sequence[Page],
    author: Principal,
    directory: Directory,
    known: Iterable[str],
    count: int,
    seed: int = 0,
    beaten: Iterable[Claim] = (),
) -> list[GoldenQuestion]:
    """At most `count` drafts of each kind, of pages that `author` may read; `known` are questions asked already.

    Nothing is drafted from what loses against another page, or has no winner (`beaten`): it is not the answer.
    """
    lost: dict[str, list[Claim]] = {}
    for claim in beaten:
        lost.setdefault(claim.identifier, []).append(claim)
    rng = random.Random(seed)  # noqa: S311 - a sample, and no secret
    made: dict[str, list[GoldenQuestion]] = {kind: [] for kind in KINDS}
    asked = {each.casefold() for each in known}
    found = [
        (page, draft)
        for page in pages
        for draft in drafts_of(page.item.title, page.body)
        if not any(_tells(draft, claim) for claim in lost.get(page.item.identifier, ()))
    ]
    rng.shuffle(found)
    tables = [draft for _, draft in found if draft.kind == "table"]
    for page, draft in found:
        if draft.question.casefold() in asked:
            continue
        asked.add(draft.question.casefold())
        kept_from = next((each.id for each in directory.users if _kept_from(directory, each.id, page.item)), None)
        if kept_from and len(made["no-permission"]) < count:
            made["no-permission"].append(
                _question("no-permission", draft.question, kept_from, "abstain", evidence=_page(page.item))
            )
        elif len(made[draft.kind]) < count:
            made[draft.kind].append(_answered(draft, page.item, author))
    bodies = [page.body.casefold() for page in pages]
    for question in _unanswerable(tables, bodies):
        if len(made["unanswerable"]) < count and question.casefold() not in asked:
            asked.add(question.casefold())
            made["unanswerable"].append(_question("unanswerable", question, author.id, "abstain"))
    return [each for kind in KINDS for each in made[kind]]


def losing(entries: Iterable[Entry]) -> Iterator[Claim]:
    """What by the conflict register is no answer: claims that lose, and those that nothing decides between."""
    for entry in entries:
        yield from (each.claim for each in entry.decision.losers)
        if entry.decision.winner is None:
            yield from entry.decision.standing


def _tells(draft: Draft, claim: Claim) -> bool:
    """Whether a draft expects what a claim states: its sentence, or its value from a row of a table."""
    said, told = _plain(claim.quote), _plain(f"{draft.anchor} {draft.reference}")
    return (
        said in told or _plain(draft.reference) in said or (draft.kind == "table" and claim.value.text in draft.values)
    )


def _plain(text: str) -> str:
    return " ".join(plain(text).split()).casefold()


def _kept_from(directory: Directory, user: str, item: ContentItem) -> bool:
    return not directory.principal(user).may_read(item.readers)


def _unanswerable(tables: Sequence[Draft], bodies: Sequence[str]) -> Iterator[str]:
    """A column of one table for a row of another, where no page has both."""
    pattern = re.compile(r"What is the (.+) for (.+)\?")
    parts = [match.groups() for each in tables if (match := pattern.fullmatch(each.question))]
    for (column, _), (_, row) in zip(parts, reversed(parts), strict=True):
        if not any(column.casefold() in body and row.casefold() in body for body in bodies):
            yield f"What is the {column} for {row}?"


def _answered(draft: Draft, item: ContentItem, author: Principal) -> GoldenQuestion:
    more: Mapping[str, object] = {
        "reference": draft.reference,
        "anchor": draft.anchor,
        "values": draft.values,
        "evidence": _page(item),
    }
    return _question(draft.kind, draft.question, author.id, "answer", **more)


def _page(item: ContentItem) -> tuple[str, ...]:
    return (f"{item.identifier}@{item.revision}..",)


def _question(kind: str, question: str, user: str, expect: str, **more: object) -> GoldenQuestion:
    digest = hashlib.sha256(f"{question}\0{user}".encode()).hexdigest()[:8]
    return GoldenQuestion.model_validate(
        {
            "id": f"draft-{kind}-{digest}",
            "question": question,
            "principal": f"user:{user.removeprefix('user:')}",
            "expect": expect,
            "tags": ("draft", kind),
            "source": "generated",
            **more,
        }
    )
