"""Labels that name opposites are told from those that name the same in other words."""

import pytest

from concord_taxonomy.alignment import align
from concord_taxonomy.alignment.opposites import opposed
from concord_taxonomy.skos import Concept, Label, Scheme, Vocabulary

OPPOSITES = """taxable benefit/non-taxable benefits, Level 1 support/level 2 support, inbound call/outbound calls,
    permanent contract/temporary contract, full-time employee/part-time employee, opening balance/closing balance,
    Form A/Form B, maternity leave/paternity leave, landlord/tenant, import/export, paid leave/unpaid leave,
    direct debit/indirect debit, emergency/non-emergency, formal warning/informal warning, phase II/phase III"""
OTHERS = """annual review/yearly appraisal, annual leave/annual leave policy, sick leave/sickness leave, leave/leaves,
    form/formation, 1/2, a/b, tax year 2024/tax year 2024, unit/it, part/piece, full cost/part cost account"""


def pairs(text: str) -> list[tuple[str, ...]]:
    return [tuple(pair.strip().split("/")) for pair in text.split(",")]


@pytest.mark.parametrize(("one", "other"), pairs(OPPOSITES))
def test_opposites(one: str, other: str) -> None:
    assert opposed(one, other) and opposed(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(OTHERS))
def test_what_differs_otherwise_is_not_opposed(one: str, other: str) -> None:
    assert not opposed(one, other) and not opposed(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(OPPOSITES))
def test_opposites_are_not_proposed(one: str, other: str) -> None:
    schemes = "https://x.example/one/", "https://x.example/other/"
    concepts = [
        Concept(scheme + "a", pref_label=(Label(label),), in_scheme=(scheme,))
        for scheme, label in zip(schemes, (one, other), strict=True)
    ]
    vocabulary = Vocabulary.build(concepts, map(Scheme, schemes), shared_scheme="")
    assert not align(vocabulary, *schemes, encode=lambda texts: [(1.0, 0.0)] * len(texts)).proposals
