"""The faults of `diagnosis.py`: each puts itself into a synced copy of the sample for some questions.

Each gives back the questions with what is right for them while the fault is there; whether an answer is wrong then is
for the benchmark to see.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from concord.bootstrap import Concord
from concord_connectors.contract import Failure

EDITABLE = (".md", ".html")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
FILLER = (
    "The people who look after this page write it for readers who have little time. They keep the wording plain, they "
    "avoid repeating what other pages say, and they ask somebody outside of their team to read a draft aloud. Where a "
    "sentence can be read in two ways, they write two sentences. Where a word is used by one department alone, they "
    "choose another. Comments are welcome at any moment, and every comment is read by a person. "
)
JARGON = ("zephyr", "marlow", "quillon", "tressel", "bracken", "fennimore", "oswin", "calder", "pellam", "wexley")


@dataclass(frozen=True)
class Asked:
    """A golden question with the values that are right, and the page that states them."""

    id: str
    question: str
    principal: str
    use_case: str | None
    values: tuple[str, ...]
    page: str

    @property
    def right(self) -> str:
        """The right answer, as somebody would write it into a correction."""
        return "; ".join(self.values)


@dataclass
class Sample:
    """A copy of the sample workspace to be corrupted."""

    folder: Path
    rng: random.Random

    def file(self, page: str) -> Path:
        """The file of a page."""
        return self.folder / "content" / page

    def editable(self, asked: Sequence[Asked], *, one: bool = True, apart: bool = True) -> list[Asked]:
        """The questions whose page is a text with their value in it; `apart` leaves one for each page."""
        found, pages = list[Asked](), set[str]()
        for each in asked:
            file = self.file(each.page)
            if file.suffix not in EDITABLE or not file.is_file() or (apart and each.page in pages):
                continue
            text = file.read_text("utf-8")
            if all(value in text for value in each.values) and (len(each.values) == 1 or not one):
                if one and not NUMBER.search(each.values[0]):
                    continue
                pages.add(each.page)
                found.append(each)
        return found

    def edit(self, page: str, change: Callable[[str], str]) -> bool:
        """Change the text of a page; whether that changed anything."""
        file = self.file(page)
        text = file.read_text("utf-8")
        changed = change(text)
        file.write_text(changed, "utf-8")
        return changed != text

    def yaml(self, path: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change one of the workspace's YAML files."""
        file = self.folder / path
        data = yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}
        change(data)
        file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "utf-8")

    def other(self, value: str) -> str:
        """A value of the same kind that is another."""
        number = NUMBER.search(value)
        assert number is not None, value
        plain = number.group().replace(",", "")
        step = self.rng.randint(2, 9)
        made = f"{float(plain) + step:.2f}".rstrip("0").rstrip(".") if "." in plain else f"{int(plain) + step}"
        if ":" in value:
            made = f"{(int(plain) + step) % 24:02d}"
        return value[: number.start()] + made + value[number.end() :]

    def sync(self) -> None:
        """Put the files in force, and let catalog and index follow."""
        concord = Concord.open(self.folder)
        try:
            problems = concord.review(concord.desired())
            assert not problems, problems[:3]
            if concord.files_differ():
                concord.proposals.apply(concord.desired().declarations, "system:benchmark", "a seeded fault")
        finally:
            concord.close()
        concord = Concord.open(self.folder)
        try:
            concord.sync_sources(concord.foundation.sources.values())
        finally:
            concord.close()


Seeder = Callable[[Sample, Sequence[Asked]], list[Asked]]


@dataclass(frozen=True)
class Seed:
    """How a fault is put in: `seed` does it, `around` holds while questions are asked and diagnosed.

    `says` is the reason that a person would give, `cases` how many are scored at most, of `pool` times as many tried.
    """

    seed: Seeder
    says: str = "wrong"
    cases: int = 20
    pool: float = 12.0
    around: Callable[[Sample, Concord], AbstractContextManager[None]] = lambda sample, concord: nullcontext()

    def tried(self, limit: int) -> int:
        """How many questions the fault may look at."""
        return round(limit * self.pool)


def synced(seed: Seeder) -> Seeder:
    """The seeder, with a sync behind it."""

    def then(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
        made = seed(sample, asked)
        sample.sync()
        return made

    return then


def page_deleted(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages are deleted from their sources."""
    chosen = sample.editable(asked, one=False, apart=False)[:30]
    for each in chosen:
        sample.file(each.page).unlink(missing_ok=True)
    return chosen


def value_changed(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages say a new value: that is what is right."""
    sample.sync()
    made = []
    for each in sample.editable(asked):
        old, new = each.values[0], sample.other(each.values[0])
        if sample.edit(each.page, lambda text, old=old, new=new: text.replace(old, new)):
            made.append(replace(each, values=(new,)))
    return made


def parser_wrong(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """The parser loses the lines with the value, which the files keep."""
    from concord.ingestion import sync
    from concord.ingestion.read import read_record

    lost: dict[str, tuple[str, ...]] = {}
    for each in sample.editable(asked):
        sample.edit(each.page, lambda text: text + "\n")
        lost[each.page] = each.values

    def losing(source: str, record: Any, parsed: Any) -> Any:
        read = read_record(source, record, parsed)
        values = lost.get(f"{source}/{record.native_id}")
        if values is None or isinstance(read, Failure):
            return read
        kept = [line for line in read.body.split("\n") if not any(value in line for value in values)]
        return replace(read, body="\n".join(kept))

    with patch.object(sync, "read_record", losing):
        sample.sync()
    return [each for each in asked if each.page in lost and each.values == lost[each.page]]


def record_unreadable(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages become empty files, which are quarantined."""
    chosen = sample.editable(asked, one=False)[:40]
    for each in chosen:
        sample.file(each.page).write_text("\n", "utf-8")
    return chosen


def value_wrong(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages state a wrong value; what was there is right, and stands nowhere else."""
    made = []
    for each in sample.editable(asked):
        old, new = each.values[0], sample.other(each.values[0])
        if not stated_elsewhere(sample, each):
            sample.edit(each.page, lambda text, old=old, new=new: text.replace(old, new))
            made.append(each)
    return made


def stated_elsewhere(sample: Sample, asked: Asked) -> bool:
    """Whether another page, of any format, states the value with the question's words."""
    from concord.answering.overlap import Wanted
    from concord.catalog.engine import reading
    from concord.governance.cases.located import locate
    from concord.governance.cases.rightness import Right
    from concord_taxonomy.expansion import Expansion

    concord = Concord.open(sample.folder)
    try:
        with reading(concord.engine) as connection:
            found = locate(connection, Right(asked.right), Wanted.of(asked.question, Expansion()), ())
        return any(at.item.identifier != asked.page for at in found)
    finally:
        concord.close()


def review_overdue(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Handbook pages have not been reviewed for years, and another value holds by now, which nobody has written."""
    made = []
    for each in sample.editable([one for one in asked if one.page.startswith("people-handbook/")], apart=False):
        sample.edit(each.page, lambda text: re.sub(r"last_reviewed_on: .*", "last_reviewed_on: 2022-03-01", text))
        sample.edit(each.page, lambda text: re.sub(r"review_in: .*", "review_in: 12 months", text))
        made.append(replace(each, values=(sample.other(each.values[0]),)))
    return made


def old_version_approved(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """An older page of the same source is still approved, while the one with the right value is in review."""
    made = []
    for each in sample.editable([one for one in asked if one.page.startswith("people-handbook/")]):
        file = sample.file(each.page)
        old = sample.other(each.values[0])
        text = file.read_text("utf-8")
        if not re.search(r"^status: Final", text, re.MULTILINE):
            continue
        before = re.sub(r"^(last_updated|effective|last_reviewed_on): .*", r"\1: 2023-02-01", text, flags=re.MULTILINE)
        before = re.sub(r"^replaces: .*\n", "", before.replace(each.values[0], old), flags=re.MULTILINE)
        file.with_name(f"{file.stem}-2023.md").write_text(before, "utf-8")
        sample.edit(each.page, lambda text: re.sub(r"^status: Final", "status: In review", text, flags=re.MULTILINE))
        made.append(each)
    return made


def sources_contradict(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Another source of the same rank says otherwise, with the same date and in nearly the same words."""
    made, number = [], 0
    for each in sample.editable(asked):
        source, file = each.page.partition("/")[0], sample.file(each.page)
        text = file.read_text("utf-8")
        day = re.search(
            r"(?:last_updated|updated|last-published\" content=\"|notice-date\" content=\")[: ]*\"?([^\"\n]+)", text
        )
        lines = [re.sub(r"<[^>]+>", "", line).strip(" -*") for line in text.split("\n") if each.values[0] in line]
        if not lines or lines[0].startswith("|") or len(lines[0]) < 20:
            continue
        number += 1
        said = lines[0].replace(each.values[0], sample.other(each.values[0]))
        title = re.search(r"(?:title: |<title>)([^<\n]+)", text)
        heading = title.group(1) if title else file.stem
        body = f"# {heading}\n\n{said}\n"
        when = day.group(1) if day else "2026-01-12"
        if source == "people-handbook":
            page = f"engineering-wiki/team/seeded-{number}.md"
            head = f'---\ntitle: {heading}\nstate: published\nupdated: "{_day_first(when)}"\n---\n'
        else:
            page = f"people-handbook/working/seeded-{number}.md"
            head = f"---\ntitle: {heading}\nstatus: Final\nlast_updated: {_iso(when)}\n---\n"
        sample.file(page).write_text(head + body, "utf-8")
        made.append(each)
    return made


def _iso(day: str) -> str:
    import dateparser

    order = {"DATE_ORDER": "DMY"} if "/" in day else {}
    found = dateparser.parse(day, settings=order)  # type: ignore[arg-type]
    return f"{found:%Y-%m-%d}" if found else "2026-01-12"


def _day_first(day: str) -> str:
    year, month, rest = _iso(day).split("-")
    return f"{rest}/{month}/{year}"


def authority_reversed(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """The policy ranks sources and tiers the wrong way round."""

    def change(data: dict[str, Any]) -> None:
        data["tiers"] = data["tiers"][::-1]
        for each in data["rankings"]:
            each["sources"] = each["sources"][::-1]

    sample.yaml("authority.yaml", change)
    return list(asked)


def access_removed(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages are for somebody else."""
    chosen = list({each.page: each for each in asked if each.page.partition("/")[0] != "announcements"}.values())[:40]
    for source in sorted({each.page.partition("/")[0] for each in chosen}):
        mine = [each for each in chosen if each.page.startswith(f"{source}/")]

        def change(data: dict[str, Any], mine: list[Asked] = mine) -> None:
            for each in mine:
                other = "user:pavel.novak" if each.principal != "user:pavel.novak" else "user:kwame.boateng"
                rule = {"match": {"path": each.page.partition("/")[2]}, "set": {"readers": [other]}}
                data["mapping"].setdefault("rules", []).append(rule)

        sample.yaml(f"sources/{source}.yaml", change)
    return chosen


def concept_tag_wrong(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Curated tags take a page's concepts away and give it another, outside of the use case."""
    chosen: dict[str, Asked] = {}
    tags = []
    concord = Concord.open(sample.folder)
    try:
        narrow = {name: case for name, case in concord.foundation.use_cases.items() if case.concepts}
        broad = concord.foundation.vocabulary
        for each in asked:
            held = narrow.get(each.use_case or "")
            if held is None or each.page in chosen:
                continue
            from concord.catalog.engine import reading
            from concord.catalog.items import last_known

            with reading(concord.engine) as connection:
                item = last_known(connection, each.page)
            inside = {iri for concept in held.concepts for iri in broad.narrower_closure(concept)}
            outside = [
                iri
                for iri in sorted(broad.concepts)
                if iri not in inside and iri.startswith("https://meridian.example/id/")
            ]
            if item is None or not outside:
                continue
            chosen[each.page] = each
            tags.append(
                {
                    "identifier": each.page,
                    "remove": sorted(set(item.subject) & inside),
                    "add": [sample.rng.choice(outside)],
                    "by": "user:helena.varga",
                    "why": "seeded",
                }
            )
    finally:
        concord.close()
    sample.yaml("tags.yaml", lambda data: data.update({"tags": tags}))
    return list(chosen.values())


def synonym_missing(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """The question says by a word of a department's own what the vocabulary has no such label for."""
    from concord_taxonomy.expansion import expand
    from concord_taxonomy.labels import LabelIndex

    made = []
    concord = Concord.open(sample.folder)
    try:
        vocabulary = concord.foundation.vocabulary
        labels = LabelIndex(vocabulary)
        for each in asked:
            spans = [span for span in expand(each.question, labels, vocabulary).spans if span.concepts]
            if not spans:
                continue
            text = each.question
            for span in sorted(spans, key=lambda one: -one.start):
                text = text[: span.start] + sample.rng.choice(JARGON) + text[span.end :]
            made.append(replace(each, question=text))
    finally:
        concord.close()
    return made


def filter_too_narrow(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Use cases leave out the sources of some pages."""
    names = [file.stem for file in sorted((sample.folder / "sources").glob("*.yaml"))]
    chosen: list[Asked] = []
    for file in sorted((sample.folder / "usecases").glob("*.yaml")):
        mine = [each for each in asked if each.use_case == file.stem]
        held = yaml.safe_load(file.read_text("utf-8")).get("sources") or names
        for source in list(dict.fromkeys(each.page.partition("/")[0] for each in mine))[: max(1, len(held) // 2)]:
            held = [each for each in held if each != source]
        sample.yaml(f"usecases/{file.name}", lambda data, held=held: data.update({"sources": held}))
        chosen += [each for each in mine if each.page.partition("/")[0] not in held]
    sample.rng.shuffle(chosen)
    return chosen


def withdrawn_by_mistake(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages are marked as withdrawn, repealed, archived or retired."""
    marks = (
        (r"^status: Final", "status: Withdrawn"),
        (r"^state: published", "state: archived"),
        (r'notice-status" content="In force"', 'notice-status" content="Repealed"'),
        (r'page-status" content="Live"', 'page-status" content="Retired"'),
    )
    made = []
    for each in sample.editable(asked, one=False)[:40]:
        for old, new in marks:
            if sample.edit(each.page, lambda text, old=old, new=new: re.sub(old, new, text, flags=re.MULTILINE)):
                made.append(each)
                break
    return made


def chunk_split(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """The value of a sentence is put off to the end of a long section, into another passage."""
    made = []
    for each in sample.editable(asked):
        value = each.values[0]
        paragraph = sample.file(each.page).suffix == ".html"
        late = f"{FILLER * 3}The figure in question is {value}."

        def split(text: str, value: str = value, late: str = late, paragraph: bool = paragraph) -> str:
            if text.count(value) != 1:
                return text
            begin = text.rfind("<p>" if paragraph else "\n\n", 0, text.index(value))
            end = text.find("</p>" if paragraph else "\n\n", text.index(value))
            if min(begin, end) < 0 or text[begin : begin + 3] == "\n\n|":
                return text
            put_off = text[begin:end].replace(value, "a figure that is given below")
            more = f"</p>\n<p>{late}" if paragraph else f"\n\n{late}"
            return text[:begin] + put_off + more + text[end:]

        if sample.edit(each.page, split):
            made.append(each)
    return made


def top_k_too_small(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Few passages are read, and pages that repeat the question without an answer stand before the right one."""
    sample.yaml("concord.yaml", lambda data: data.update({"retrieval": {"candidates": 5, "passages": 10}}))
    made = []
    for number, each in enumerate(asked[:30]):
        source = "engineering-wiki" if not each.page.startswith("engineering-wiki") else "people-handbook"
        folder = "team" if source == "engineering-wiki" else "working"
        for copy in range(12):
            status = "state: published" if source == "engineering-wiki" else "status: Final"
            words = each.question.rstrip("?")
            text = f"---\ntitle: {words}\n{status}\n---\n# {words}\n\nPeople ask us: {each.question} Notes of meeting "
            text += f"{'abcdefghijkl'[copy]}: we talked about it, and there is nothing to tell yet.\n"
            sample.file(f"{source}/{folder}/seeded-{number}-{copy}.md").write_text(text, "utf-8")
        made.append(each)
    return made


@contextmanager
def without_points(sample: Sample, concord: Concord) -> Iterator[None]:
    """The index loses what it holds of the pages that are asked about."""
    for page in (sample.folder / ".lost").read_text("utf-8").split("\n"):
        concord.index.delete_item(page)
    concord.index.flush()
    yield


def points_lost(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Which pages the index is to lose."""
    chosen = list({each.page: each for each in asked}.values())[:40]
    (sample.folder / ".lost").write_text("\n".join(each.page for each in chosen))
    return chosen


def extraction_bad(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """What was read of a passage lacks the sentences with the value."""
    from sqlalchemy import select, update

    from concord.catalog.chunks import load_chunks
    from concord.catalog.engine import writing
    from concord.catalog.items import live
    from concord.catalog.schema import chunks

    sample.sync()
    chosen = list({each.page: each for each in asked if NUMBER.search(each.values[0])}.values())[:60]
    concord = Concord.open(sample.folder)
    try:
        reader = concord.subjects.reader
        with writing(concord.engine) as connection:
            known = live(connection, [each.page for each in chosen])
            for each in chosen:
                ids = connection.scalars(select(chunks.c.id).where(chunks.c.identifier == each.page)).all()
                for key, chunk in load_chunks(connection, list(ids)).items():
                    lines = [line for line in chunk.text.split("\n") if not any(v in line for v in each.values)]
                    kept = re.sub(
                        r"[^.!?]*(?:" + "|".join(map(re.escape, each.values)) + r")[^.!?]*[.!?]", "", chunk.text
                    )
                    cut = kept if len(kept) < len(chunk.text) else "\n".join(lines)
                    if each.page in known and any(value in chunk.text for value in each.values):
                        read = reader.read(known[each.page], replace(chunk, text=cut, reading=None, read_by=None))
                        connection.execute(update(chunks).where(chunks.c.id == key).values(reading=read.reading))
    finally:
        concord.close()
    return chosen


def answer_cut(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Answers have room for one sentence, where several things are asked for."""
    sample.yaml("concord.yaml", lambda data: data.update({"answer": {"max_sentences": 1, "max_citations": 1}}))
    for file in sorted((sample.folder / "usecases").glob("*.yaml")):
        sample.yaml(f"usecases/{file.name}", lambda data: data.update({"answer": {"max_citations": 1}}))
    made = [each for each in asked if len(each.values) > 1]
    # Two questions at once are a question for two things.
    single = [each for each in asked if len(each.values) == 1]
    for one, other in itertools.pairwise(single):
        if one.page == other.page and one.values != other.values:
            both = f"{one.question} {other.question}"
            made.append(replace(one, id=f"{one.id}+{other.id}", question=both, values=one.values + other.values))
    return made


def nothing(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Nothing is wrong."""
    return list(asked)


def _sorted_by_page(seed: Seeder) -> Seeder:
    return lambda sample, asked: seed(sample, sorted(asked, key=lambda each: each.page))


SEEDS: dict[str, Seed] = {
    "page_deleted": Seed(synced(page_deleted), "missing"),
    "sync_stalled": Seed(value_changed, "outdated"),
    "parser_wrong": Seed(parser_wrong, "missing"),
    "record_unreadable": Seed(synced(record_unreadable), "missing"),
    "value_wrong": Seed(synced(value_wrong), "wrong"),
    "review_overdue": Seed(synced(review_overdue), "outdated"),
    "old_version_approved": Seed(synced(old_version_approved), "outdated"),
    "sources_contradict": Seed(synced(sources_contradict), "contradicts"),
    "authority_reversed": Seed(synced(authority_reversed), "wrong"),
    "access_removed": Seed(synced(access_removed), "missing"),
    "concept_tag_wrong": Seed(synced(concept_tag_wrong), "missing"),
    "synonym_missing": Seed(synced(synonym_missing), "missing"),
    "filter_too_narrow": Seed(synced(filter_too_narrow), "missing"),
    "withdrawn_by_mistake": Seed(synced(withdrawn_by_mistake), "missing"),
    "chunk_split": Seed(synced(chunk_split), "wrong"),
    "top_k_too_small": Seed(synced(top_k_too_small), "missing"),
    "points_lost": Seed(synced(points_lost), "missing", around=without_points),
    "extraction_bad": Seed(extraction_bad, "wrong"),
    "answer_cut": Seed(synced(_sorted_by_page(answer_cut)), "missing"),
    "vote_mistaken": Seed(synced(nothing), "mistaken"),
}
