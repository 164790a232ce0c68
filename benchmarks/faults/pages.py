"""Faults in what sources say: pages deleted, wrong, old, contradicted, withdrawn, or written unluckily.

Each puts itself into a synced copy for some questions, and gives back those with what is right while the fault is
there; whether an answer is wrong then is for the benchmark to see.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from concord.answering.overlap import Wanted
from concord.bootstrap import Concord
from concord.catalog.engine import reading
from concord.catalog.items import live
from concord.governance.cases.located import locate
from concord.governance.cases.rightness import Right
from concord_taxonomy.expansion import Expansion
from faults.sample import Asked, Sample
from faults.workspaces import iso

FILLER = (
    "The people who look after this page write it for readers who have little time. They keep the wording plain, they "
    "avoid repeating what other pages say, and they ask somebody outside of their team to read a draft aloud. Where a "
    "sentence can be read in two ways, they write two sentences. Where a word is used by one department alone, they "
    "choose another. Comments are welcome at any moment, and every comment is read by a person. "
)


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


def record_unreadable(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages become empty files, which are quarantined."""
    chosen = sample.editable(asked, one=False)[:40]
    for each in chosen:
        sample.file(each.page).write_text("\n", "utf-8")
    return chosen


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


def value_wrong(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages state a wrong value; what was there is right, and stands nowhere else."""
    made = []
    for each in alone(sample, sample.editable(asked)):
        old, new = each.values[0], sample.other(each.values[0])
        sample.edit(each.page, lambda text, old=old, new=new: text.replace(old, new))
        made.append(each)
    return made


def alone(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Those whose value no other page, of any format, states with the question's words."""
    found = []
    concord = Concord.open(sample.folder)
    try:
        with reading(concord.engine) as connection:
            for each in asked:
                places = locate(connection, Right(each.right), Wanted.of(each.question, Expansion()), ())
                if all(at.item.identifier == each.page for at in places):
                    found.append(each)
    finally:
        concord.close()
    return found


def review_overdue(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages have not been reviewed for years, and another value holds by now, which nobody has written."""
    mine = [each for each in asked if each.page.partition("/")[0] in sample.style.reviewed]
    changed = [replace(each, values=(sample.other(each.values[0]),)) for each in sample.editable(mine, apart=False)]
    made = alone(sample, changed)
    for page in {each.page for each in made}:
        sample.edit(page, lambda text: re.sub(r"(?m)^(last_reviewed_on|review_in): .*\n", "", text))
        head = "---\nlast_reviewed_on: 2022-03-01\nreview_in: 12 months\n"
        sample.edit(page, lambda text, head=head: re.sub(r"\A---\n", head, text))
    return made


def sources_contradict(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Another source of the same rank says otherwise, with the same date and in nearly the same words."""
    made = []
    for number, each in enumerate(_ranked(sample, sample.editable(asked), sample.style.tier)):
        file = sample.file(each.page)
        text = file.read_text("utf-8")
        day = re.search(
            r"(?:last_updated|updated|last-published\" content=\"|notice-date\" content=\")[: ]*\"?([^\"\n]+)", text
        )
        lines = [re.sub(r"<[^>]+>", "", line).strip(" -*") for line in text.split("\n") if each.values[0] in line]
        if not lines or lines[0].startswith("|") or len(lines[0]) < 20:
            continue
        said = lines[0].replace(each.values[0], sample.other(each.values[0]))
        title = re.search(r"(?:title: |<title>)([^<\n]+)", text)
        heading = title.group(1) if title else file.stem
        place = sample.style.elsewhere(each.page)
        head = place.head(heading, iso(day.group(1) if day else "2026-01-12"))
        sample.add(place.page(f"seeded-{number}"), f"{head}# {heading}\n\n{said}\n")
        made.append(each)
    return made


def _ranked(sample: Sample, asked: Sequence[Asked], tier: str | None) -> Sequence[Asked]:
    """Those on pages of a tier; all where it is None."""
    if tier is None:
        return asked
    concord = Concord.open(sample.folder)
    try:
        with reading(concord.engine) as connection:
            held = live(connection, [each.page for each in asked])
    finally:
        concord.close()
    return [each for each in asked if (held[each.page].authority_tier or "").endswith(tier)]


def withdrawn_by_mistake(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages are marked as withdrawn, repealed, archived or retired."""
    made = []
    for each in sample.editable(asked, one=False)[:40]:
        for old, new in sample.style.withdrawn:
            if sample.edit(
                each.page, lambda text, old=old, new=new: re.sub(old, new, text, count=1, flags=re.MULTILINE)
            ):
                made.append(each)
                break
    return made


def not_yet_in_force(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages say by mistake that they hold from a day that is months away."""
    made = []
    for each in sample.editable([one for one in asked if one.page.partition("/")[0] in sample.style.begins], one=False):
        field, format_ = sample.style.begins[each.page.partition("/")[0]]
        line = f"{field}: {date.today() + timedelta(days=200):{format_}}\n"

        def begins(text: str, field: str = field, line: str = line) -> str:
            return re.sub(r"\A---\n", f"---\n{line}", re.sub(rf"(?m)^{field}: .*\n", "", text))

        if sample.edit(each.page, begins):
            made.append(each)
    return made


def replaced_wrongly(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """A new page of the same folder says that it replaces the right one, and says little."""
    made = []
    for number, each in enumerate(sample.editable([one for one in asked if one.page.startswith("people-handbook/")])):
        path = each.page.partition("/")[2]
        title = re.search(r"^title: (.*)", sample.file(each.page).read_text("utf-8"), re.MULTILINE)
        heading = f"About {title.group(1) if title else path}"
        head = f"---\ntitle: {heading}\nstatus: Final\nlast_updated: 2026-01-12\nreplaces: {path}\n---\n"
        text = f"{head}# {heading}\n\nThis page is being written. Ask the people partners of your port meanwhile.\n"
        sample.add(f"{each.page.rpartition('/')[0]}/seeded-{number}.md", text)
        made.append(each)
    return made
