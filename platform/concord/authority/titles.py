"""Pages of one series: same source and folder, the same sentence, titles that differ by their subject."""

from __future__ import annotations

from concord.authority.claims import Claim
from concord.authority.words import content_stems

# Words for kinds of documents; they tell no subjects apart.
_KINDS = frozenset(
    content_stems(
        """guide faq policy policies handbook overview rules quick interim proposal draft old updated current
        version page introduction reminder notice summary details standard procedure"""
    )
)


def sibling_pages(left: Claim, right: Claim) -> bool:
    """Whether two equal sentences stand on sibling pages, each about a subject of its own."""
    if not same_folder(left, right) or left.attribute.template != right.attribute.template:
        return False
    one, other = _subject(left), _subject(right)
    return bool(one - other) and bool(other - one)


def same_folder(left: Claim, right: Claim) -> bool:
    """Whether two claims stand in one folder of one source."""
    return left.facts.source == right.facts.source and _folder(left) == _folder(right)


def names_subject(left: Claim, right: Claim) -> bool:
    """Whether a sentence of sibling pages itself names what a title is about: then the titles do not set it apart."""
    return not (_subject(left) ^ _subject(right)).isdisjoint(left.attribute.template.split())


def _folder(claim: Claim) -> str:
    return claim.identifier.rsplit("/", 1)[0]


def _subject(claim: Claim) -> frozenset[str]:
    return frozenset(content_stems(claim.facts.title)) - _KINDS
