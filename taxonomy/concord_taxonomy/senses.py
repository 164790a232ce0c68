"""What matched words mean in shared concepts, and for whom: a homonym is read as the department uses it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from concord_taxonomy.labels import LabelKind, LabelMatch, Sense
from concord_taxonomy.skos.links import LinkKind
from concord_taxonomy.skos.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Meaning:
    """A shared concept that words mean: through what kind of label and link, and their share of it (0 to 1]."""

    iri: str
    label: LabelKind
    link: LinkKind
    share: float = 1.0


class Chosen(StrEnum):
    """What chose among the senses of words that have several."""

    DEPARTMENT = "department"
    USE_CASE = "use_case"
    SHARED = "shared"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The meanings taken, in IRI order, and the shared concepts that the words would mean to others.

    `by` says what chose; where nothing did, several senses may be taken: then it is `undecided`.
    """

    meanings: tuple[Meaning, ...]
    others: tuple[str, ...] = ()
    undecided: bool = False
    by: Chosen = Chosen.NOTHING


def read_senses(
    match: LabelMatch,
    vocabulary: Vocabulary,
    department_scheme: str | None = None,
    *,
    within: Collection[str] = (),
) -> Reading:
    """Read a match as the department of the scheme (its IRI, publisher or title) uses the words.

    Where the department has no such label, the senses that mean a concept `within` (those of a use case) are taken,
    then the shared scheme's own label decides; where that has none either, every sense is taken, each with its share.
    Words of the department that lead to no shared concept have no meaning here.
    """
    taken, by = _taken(match, vocabulary, department_scheme, within)
    targets = {frozenset(vocabulary.shared(sense.iri)) for sense in taken} - {frozenset()}
    meanings: dict[str, Meaning] = {}
    for sense in taken:
        for link in vocabulary.links(sense.iri):
            meaning = Meaning(link.iri, sense.kind, link.kind, 1 / len(targets))
            known = meanings.get(link.iri)
            if known is None or _strength(meaning) < _strength(known):
                meanings[link.iri] = meaning
    everything = {iri for sense in match.senses for iri in vocabulary.shared(sense.iri)}
    ordered = tuple(meanings[iri] for iri in sorted(meanings))
    return Reading(ordered, tuple(sorted(everything - set(meanings))), undecided=len(targets) > 1, by=by)


def _taken(
    match: LabelMatch, vocabulary: Vocabulary, department_scheme: str | None, within: Collection[str]
) -> tuple[tuple[Sense, ...], Chosen]:
    if len(match.senses) == 1:
        return match.senses, Chosen.NOTHING

    def of_scheme(iri: str) -> tuple[Sense, ...]:
        return tuple(sense for sense in match.senses if iri in vocabulary.concepts[sense.iri].in_scheme)

    department = vocabulary.scheme(department_scheme) if department_scheme else None
    if department and (own := of_scheme(department.iri)):
        return own, Chosen.DEPARTMENT
    if within and (inside := _within(match, vocabulary, within)):
        return inside, Chosen.USE_CASE
    if own := of_scheme(vocabulary.shared_scheme):
        return own, Chosen.SHARED
    return match.senses, Chosen.NOTHING


def _within(match: LabelMatch, vocabulary: Vocabulary, within: Collection[str]) -> tuple[Sense, ...]:
    return tuple(sense for sense in match.senses if any(iri in within for iri in vocabulary.shared(sense.iri)))


def _strength(meaning: Meaning) -> tuple[int, int]:
    # An exact match says as much as the concept itself, as from a merged concept to the one that has its words now.
    return max(meaning.link.rank, LinkKind.EXACT.rank), meaning.label.rank
