"""Whether two claims fill the same slot: the features of a claim, the score of a pair, what sets a pair apart."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from concord.authority.claims import Attribute, Claim, Role
from concord.authority.declared import apart
from concord.authority.scope import Scope, compatible
from concord.authority.titles import sibling_pages
from concord.authority.values import ValueType, rolled, same_value
from concord.authority.words import FUNCTION_WORDS, LIGHT_WORDS, stem

SAME_SLOT = 0.7
"""The match score from which two claims fill the same slot."""
SAME_SLOT_LINKED = 0.6
"""The same, where one item replaces the other."""
STRICT = {ValueType.POLARITY: 0.85, ValueType.NAMED: 0.75, ValueType.CONTACT: 0.75}
"""The same, for values in words, of which there are many in sentences alike: no question lowers it."""
_CONCEPT, _WORD, _ROLE, _LIGHT = 2.0, 1.0, 0.5, 0.25
_THIN = 2.0
_BORROWED = 0.75
_ALIKE = 0.7
_TELLING = frozenset({Role.MINIMUM, Role.MAXIMUM, Role.DEADLINE})
_OPPOSED = frozenset({Role.MINIMUM, Role.MAXIMUM})
_VERBAL = frozenset(
    """is are was were be been being must may can should shall will would could might to has have had do
    does""".split()  # noqa: SIM905
)

CONTRASTS = (
    frozenset({"with", "without"}),
    frozenset({"before", "after", "during"}),
    frozenset({"first", "second", "third", "fourth", "last"}),
    frozenset({"above", "below"}),
    frozenset({"employee", *map(stem, ("contractor", "freelancer", "volunteer", "visitor", "supplier"))}),
)
_EMPLOYEES = frozenset({"employees", "staff"})
_CONDITIONAL = frozenset(
    """unless except without only if until when where but before after during while with otherwise instead
    outside""".split()  # noqa: SIM905
)


class Relation(StrEnum):
    """What two claims are to each other."""

    UNRELATED = "unrelated"
    AGREE = "agree"
    CONFLICT = "conflict"
    OTHER_SCOPE = "other_scope"


@dataclass(frozen=True, slots=True)
class Features:
    """A claim's words and concepts with their weights, computed once; `context` is what stands around it."""

    weights: dict[str, float]
    context: frozenset[str]
    total: float
    concepts: frozenset[str]

    def telling(self) -> dict[str, float]:
        """The features that tell slots apart: words and concepts, not roles and light words."""
        return {word: weight for word, weight in self.weights.items() if word[0] not in "~="}


def features(claim: Claim) -> Features:
    """The weighted words and concepts of a claim, without the words of its scope.

    A claim too thin to tell its subject ("4 weeks.") takes the words of its list, heading and title as its own.
    """
    return _features(claim.attribute, claim.scope)


@lru_cache(maxsize=8_192)
def _features(attribute: Attribute, scope: Scope) -> Features:
    scoped = scope.words()
    weights = {word: _WORD for word in attribute.words if word not in scoped}
    weights |= {f"<{concept}>": _CONCEPT for concept in attribute.concepts}
    around = (*(f"<{concept}>" for concept in attribute.context_concepts[:1]), *attribute.context)
    for word in around:
        if sum(weights.values()) >= _THIN:
            break
        if word not in scoped:
            weights.setdefault(word, _CONCEPT if word.startswith("<") else _WORD)
    weights |= {f"~{word}": _LIGHT for word in attribute.light if word not in weights}
    if attribute.role in _TELLING:
        weights[f"={attribute.role}"] = _ROLE
    context = {*attribute.context, *(f"<{concept}>" for concept in attribute.context_concepts)} - weights.keys()
    concepts = frozenset(f"<{concept}>" for concept in attribute.concepts)
    return Features(weights, frozenset(context), sum(weights.values()), concepts)


def score(left: Features, right: Features) -> float:
    """How far two claims speak of the same thing, from 0 to 1: a weighted Dice coefficient.

    A word that only one sentence has counts in part where the other's headings have it. Sentences that name concepts
    and share none are halved.
    """
    shared = sum(weight for word, weight in left.weights.items() if word in right.weights)
    borrowed = sum(
        weight for word, weight in left.weights.items() if word not in right.weights and word in right.context
    )
    borrowed += sum(
        weight for word, weight in right.weights.items() if word not in left.weights and word in left.context
    )
    total = left.total + right.total
    if not total or not shared:
        return 0.0
    result = min(1.0, (2 * shared + _BORROWED * borrowed) / total)
    return result / 2 if left.concepts and right.concepts and not left.concepts & right.concepts else result


def comparable(left: Claim, right: Claim) -> bool:
    """Whether two values may be held against each other at all: same type, dimension and rate, no opposed bounds.

    What was observed in a period contradicts no rule.
    """
    one, other = left.value, right.value
    if one.type is not other.type or one.dimension != other.dimension:
        return False
    if one.per and other.per and one.per != other.per:
        return False
    if one.type is ValueType.TIME and one.unit and other.unit and one.unit != other.unit:
        return False
    if one.type is ValueType.POLARITY and _conditions(left) != _conditions(right):
        return False
    roles = {left.attribute.role, right.attribute.role}
    return roles != _OPPOSED and (Role.OBSERVED not in roles or len(roles) == 1)


def relate(
    left: Claim,
    right: Claim,
    strength: float,
    *,
    linked: bool = False,
    enough: float = SAME_SLOT,
    siblings: bool = True,
) -> Relation:
    """What two comparable claims of different items with match score `strength` are to each other.

    `linked` says that one item replaces the other: then periods and versions do not set them apart. Without `siblings`
    the titles of pages in one folder do not either.
    """
    least = min(enough, SAME_SLOT_LINKED) if linked else enough
    if strength < STRICT.get(left.value.type, least):
        return Relation.UNRELATED
    if same_value(left.value, right.value):
        return Relation.AGREE
    # A sentence with several values is met by another value of it: nothing is contradicted.
    if any(same_value(left.value, each) for each in right.siblings) or any(
        same_value(right.value, each) for each in left.siblings
    ):
        return Relation.UNRELATED
    alike = likeness(left, right) >= _ALIKE
    if alike and left.siblings and len(left.siblings) == len(right.siblings) and left.position != right.position:
        return Relation.UNRELATED
    ignore = frozenset({"period", "version"}) if linked else frozenset[str]()
    if not compatible(left.scope, right.scope, ignore=ignore) or (not linked and apart(left.facts, right.facts)):
        return Relation.OTHER_SCOPE
    if not linked and (rolled(left.value, right.value) or (siblings and sibling_pages(left, right))):
        return Relation.OTHER_SCOPE
    if alike and (_contrasted(left, right) or _substituted(left, right)):
        return Relation.OTHER_SCOPE
    return Relation.CONFLICT


def likeness(left: Claim, right: Claim) -> float:
    """How much two sentences have in common in the same order, from 0 to 1."""
    return _aligned(left.attribute.template, right.attribute.template)[0]


@lru_cache(maxsize=1_024)
def _aligned(left: str, right: str) -> tuple[float, tuple[tuple[str, int, int, int, int], ...]]:
    """The likeness of two sentences, and what makes one of the other; a pair is asked for more than once."""
    matcher = SequenceMatcher(None, left.split(), right.split(), autojunk=False)
    return matcher.ratio(), tuple(matcher.get_opcodes())


def _contrasted(left: Claim, right: Claim) -> bool:
    """Whether two sentences alike speak of two sides of something: with and without a receipt, before and after."""
    one, other = (
        {"employee" if word in _EMPLOYEES else word for word in each.attribute.template.split()}
        for each in (left, right)
    )
    return any(one & group and other & group and not one & other & group for group in CONTRASTS)


def _conditions(claim: Claim) -> frozenset[str]:
    """The words that make a rule conditional: what must not be done without approval may be done with it."""
    return _CONDITIONAL.intersection(claim.attribute.template.split())


def _substituted(left: Claim, right: Claim) -> bool:
    """Whether one sentence is the other with another subject put in: "for a crane operator", "for a customs clerk"."""
    _, changes = _aligned(left.attribute.template, right.attribute.template)
    for tag, i1, i2, j1, j2 in changes:
        if tag != "replace":
            continue
        one = _subject(left, i1, i2) - set(right.attribute.template.split())
        other = _subject(right, j1, j2) - set(left.attribute.template.split())
        if one and other:
            return True
    return False


def _subject(claim: Claim, start: int, end: int) -> frozenset[str]:
    """The words of a segment that name a thing: none after an auxiliary verb, none that a label has elsewhere."""
    template = claim.attribute.template.split()
    if start and template[start - 1] in _VERBAL:
        return frozenset()
    words = []
    for word in template[start:end]:
        if word in _VERBAL:
            break
        if word not in FUNCTION_WORDS and word not in LIGHT_WORDS and word[0] not in "#0123456789":
            words.append(word)
    return frozenset(words) - frozenset(claim.attribute.label_words)
