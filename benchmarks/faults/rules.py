"""Faults in what is declared: policy, readers, curated tags, filters of use cases, limits, words without a label."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import yaml

from concord.bootstrap import Concord
from concord.catalog.engine import reading
from concord.catalog.items import last_known
from concord_taxonomy.expansion import expand
from concord_taxonomy.labels import LabelIndex
from faults.sample import Asked, Sample

JARGON = ("zephyr", "marlow", "quillon", "tressel", "bracken", "fennimore", "oswin", "calder", "pellam", "wexley")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def authority_reversed(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """The policy ranks sources and tiers the wrong way round."""

    def change(data: dict[str, Any]) -> None:
        data["tiers"] = data["tiers"][::-1]
        for each in data["rankings"]:
            each["sources"] = each["sources"][::-1]

    sample.yaml("authority.yaml", change)
    return list(asked)


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
            with reading(concord.engine) as connection:
                item = last_known(connection, each.page)
            inside = {iri for concept in held.concepts for iri in broad.narrower_closure(concept)}
            outside = [
                iri for iri in sorted(broad.concepts) if iri not in inside and iri.startswith(sample.style.concepts)
            ]
            if item is None or not outside:
                continue
            chosen[each.page] = each
            tags.append(
                {
                    "identifier": each.page,
                    "remove": sorted(set(item.subject) & inside),
                    "add": [sample.rng.choice(outside)],
                    "by": each.principal,
                    "why": "seeded",
                }
            )
    finally:
        concord.close()
    sample.yaml("tags.yaml", lambda data: data.update({"tags": tags}))
    return list(chosen.values())


def synonym_missing(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """The question says by a word of a department's own what the vocabulary has no such label for."""
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


def nothing(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Nothing is wrong."""
    return list(asked)


def access_removed(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Pages are for somebody else."""
    chosen = list({each.page: each for each in asked if each.page.partition("/")[0] != "announcements"}.values())[:40]
    people = [f"user:{each['id']}" for each in yaml.safe_load((sample.folder / "principals.yaml").read_text())["users"]]
    for source in sorted({each.page.partition("/")[0] for each in chosen}):
        mine = [each for each in chosen if each.page.startswith(f"{source}/")]

        def change(data: dict[str, Any], mine: list[Asked] = mine) -> None:
            for each in mine:
                other = next(one for one in people if one != each.principal)
                rule = {"match": {"path": each.page.partition("/")[2]}, "set": {"readers": [other]}}
                data["mapping"].setdefault("rules", []).append(rule)

        sample.yaml(f"sources/{source}.yaml", change)
    return chosen


def top_k_too_small(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Few passages are read, and pages that repeat the question without an answer stand before the right one."""
    sample.yaml("concord.yaml", lambda data: data.update({"retrieval": {"candidates": 20, "passages": 10}}))
    made = []
    for number, each in enumerate(asked[:30]):
        place = sample.style.elsewhere(each.page)
        words = each.question.rstrip("?")
        for letter in "abcdefghijklmnop":
            text = f"{place.head(json.dumps(words), '2026-01-12')}# {words}\n\nPeople ask us: {each.question} Notes of "
            text += f"meeting {letter}: we talked about it, and there is nothing to tell yet.\n"
            sample.add(place.page(f"seeded-{number}-{letter}"), text)
        made.append(each)
    return made


def asked_in_another_form(sample: Sample, asked: Sequence[Asked]) -> list[Asked]:
    """Nothing is wrong; the correction asks for the same value in another form."""
    return [replace(each, values=(form,)) for each in asked if len(each.values) == 1 for form in _forms(each.values[0])]


def _forms(value: str) -> Iterator[str]:
    found = re.fullmatch(r"(\d+) (hour|day|week|month|year|minute)s?", value)
    if found is None:
        return
    number, unit = int(found.group(1)), found.group(2)
    for small, size, large in (("day", 7, "week"), ("month", 12, "year"), ("minute", 60, "hour")):
        if unit == large:
            yield f"{number * size} {small}s"
            return
        if unit == small and number % size == 0:
            yield f"{number // size} {large}{'s' if number > size else ''}"
            return
    if number <= len(_WORDS):
        yield f"{_WORDS[number - 1]} {unit}{'s' if number > 1 else ''}"
