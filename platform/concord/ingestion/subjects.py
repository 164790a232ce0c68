"""What items are about: concepts of the shared vocabulary, found by every department's words for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from concord.authority.reading import Reader
from concord.catalog.items import TagRow
from concord.ingestion.likeness import StoredVectors
from concord.workspace.tags import CuratedTags
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.markdown import BlockKind, blocks
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import ContentItem, Origin
from concord_taxonomy.tagging import tag


class Subjects:
    """Tags items with shared concepts, and spells out the labels by which they are found again.

    `vectors` are those stored already, which are evidence for tags; without them words alone are.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        curated: Mapping[str, CuratedTags] | None = None,
        vectors: StoredVectors | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.curated = curated or {}
        self.vectors = vectors

    @cached_property
    def index(self) -> LabelIndex:
        """Where labels of the vocabulary occur in a text."""
        return LabelIndex(self.vocabulary)

    @cached_property
    def reader(self) -> Reader:
        """What reads passages by this vocabulary."""
        return Reader(self.index, self.vocabulary)

    @property
    def fingerprint(self) -> str:
        """Changes when the same item would be tagged otherwise."""
        decided = [self.curated[each].model_dump_json() for each in sorted(self.curated)]
        evidence = self.vectors.fingerprint if self.vectors else ""
        return hashlib.sha256("\n".join([self.vocabulary.fingerprint(), evidence, *decided]).encode()).hexdigest()

    def likeness(self, hashes: Sequence[str]) -> Mapping[str, float] | None:
        """How like a text with these passages (content hashes) is to each concept; None: not all is embedded yet."""
        return self.vectors.likeness(hashes) if self.vectors else {}

    def tags(self, item: ContentItem, body: str, likeness: Mapping[str, float] | None = None) -> tuple[TagRow, ...]:
        """An item's concepts: a curator's, then those that its mapping gave, then those that its words lead to.

        A concept that is replaced comes as what replaces it; one that a curator took away does not come.
        """
        decided = self.curated.get(item.identifier)
        origin = item.field_origin.get("subject", Origin.RULE)
        given = [
            TagRow(concept, by.value, 1.0, ())
            for by, concepts in ((Origin.CURATOR, decided.add if decided else ()), (origin, item.subject))
            for concept in self.current(concepts)
        ]
        without = set(self.current(decided.remove)) if decided else set[str]()
        found: dict[str, TagRow] = {}
        for tag_ in (*given, *self.tag(item, body, likeness)):
            if tag_.concept not in without:
                found.setdefault(tag_.concept, tag_)
        return tuple(found.values())

    def tag(self, item: ContentItem, body: str, likeness: Mapping[str, float] | None = None) -> list[TagRow]:
        """The concepts that the words of an item lead to, in their order; scores weigh other evidence too."""
        headings = [
            block.heading_path[-1] for block in blocks(body) if block.kind is BlockKind.HEADING and block.heading_path
        ]
        # Keywords are the publisher's own words for what the item is about: as telling as a heading.
        fields = item.title, [*headings, *item.keyword], body
        found = tag(*fields, self.index, self.vocabulary, department_scheme=item.publisher, likeness=likeness)
        return [TagRow(each.concept, each.origin.value, each.score, each.words) for each in found]

    def current(self, concepts: Iterable[str]) -> tuple[str, ...]:
        """The concepts, replaced ones as those that replace them, each once and in their order."""
        return tuple(dict.fromkeys(each for iri in concepts for each in self.vocabulary.current(iri)))

    def label_text(self, item: ContentItem) -> str:
        """The title of an item and all departments' words for its concepts: what its label vector is made of."""
        lines = [item.title]
        for iri in item.subject:
            concepts = [iri, *(link.iri for link in self.vocabulary.departmental(iri))]
            for concept in (self.vocabulary.concepts.get(each) for each in concepts):
                if concept is not None:
                    lines += [label.text for label in (*concept.pref_label, *concept.alt_label, *concept.hidden_label)]
        return "\n".join(dict.fromkeys(lines))

    def with_broader(self, concepts: Iterable[str]) -> tuple[str, ...]:
        """The concepts and every concept above them: an owner of the broader owns the narrower."""
        return tuple(
            sorted({above for iri in concepts for above in self.vocabulary.broader_closure(iri)} | set(concepts))
        )
