"""What matched words mean in shared concepts, and for whom: a homonym is read as the department uses it."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Reading:
    """The meanings taken, in IRI order, and the shared concepts that the words would mean to others.

    `undecided` says that several senses were taken because nothing chose among them.
    """

    meanings: tuple[Meaning, ...]
    others: tuple[str, ...] = ()
    undecided: bool = False


def read_senses(match: LabelMatch, vocabulary: Vocabulary, department_scheme: str | None = None) -> Reading:
    """Read a match as the department of the scheme (its IRI, publisher or title) uses the words.

    Where the department has no such label, the shared scheme's own label decides; where neither has, every sense is
    taken, each with its share. Words of the department that lead to no shared concept have no meaning here.
    """
    department = vocabulary.scheme(department_scheme) if department_scheme else None
    wanted = [department.iri] if department else []
    taken: tuple[Sense, ...] = match.senses
    for scheme in (*wanted, vocabulary.shared_scheme):
        own = tuple(sense for sense in match.senses if scheme in vocabulary.concepts[sense.iri].in_scheme)
        if own:
            taken = own
            break
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
    return Reading(ordered, tuple(sorted(everything - set(meanings))), undecided=len(targets) > 1)


def _strength(meaning: Meaning) -> tuple[int, int]:
    return meaning.link.rank, meaning.label.rank
