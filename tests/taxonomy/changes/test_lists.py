"""Terms of CSV lists are changed by rows, and what a list cannot hold is refused with the ways out."""

import difflib

import pytest

from concord_taxonomy.changes import (
    AddConcept,
    CannotChange,
    ChangeConcept,
    DeprecateConcept,
    MergeConcepts,
    Part,
    SplitConcept,
    Word,
    make,
)
from concord_taxonomy.skos import parse_vocabularies

S = "https://x.example/finance/"
YAML = b"""\
scheme: https://x.example/finance
namespace: https://x.example/finance/
columns:
  Code: id
  Term: prefLabel
  Begriff: prefLabel@de
  Also: {property: altLabel, separator: ;}
  Text: definition
  Above: {property: broader, separator: ","}
  Old: deprecated
  Use: isReplacedBy
"""
LIST = """\
Code,Term,Begriff,Also,Note,Text,Above,Old,Use\r
F1,Expenses,Auslagen,"costs;  spend",kept as it is,,,no,\r
F2, Travel claim ,,trip;mileage claim,,"Money, asked back",Expenses\r
F3,Taxi,,"cab",,,F2,,\r
"""


def changed(change, text=LIST, columns=YAML):
    """The lines that go and come, and the vocabulary afterwards."""
    made = make(change, {"finance.csv": text.encode(), "finance.yaml": columns})
    assert made.keys() == {"finance.csv"}
    new = made["finance.csv"].decode()
    lines = difflib.unified_diff(text.splitlines(), new.splitlines(), n=0, lineterm="")
    assert new.count("\r") == new.count("\n") or "\r" not in text
    told = [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]
    return told, parse_vocabularies({**made, "finance.yaml": columns}).concepts


def test_a_change_is_a_row():
    told, concepts = changed(
        ChangeConcept(
            iri=f"{S}F1",
            pref_label=[Word(text="Costs of work", language="en")],
            add_label=[Word(text="outlay", language="en")],
            remove_label=[Word(text="spend", language="en")],
        )
    )
    assert told == [
        '-F1,Expenses,Auslagen,"costs;  spend",kept as it is,,,no,',
        '-F2, Travel claim ,,trip;mileage claim,,"Money, asked back",Expenses',
        "+F1,Costs of work,Auslagen,costs; Expenses; outlay,kept as it is,,,no,",
        '+F2, Travel claim ,,trip;mileage claim,,"Money, asked back",F1',
    ]
    assert concepts[f"{S}F1"].label("en") == "Costs of work"


def test_a_new_term_is_a_row_at_the_end():
    told, concepts = changed(
        AddConcept(
            iri=f"{S}F4",
            scheme="https://x.example/finance",
            pref_label=[Word(text="Train, fast", language="en")],
            broader=[f"{S}F2"],
        )
    )
    assert told == ['+F4,"Train, fast",,,,,F2,,']
    assert concepts[f"{S}F4"].broader == (f"{S}F2",)
    told, _ = changed(
        AddConcept(iri=f"{S}F4", scheme="https://x.example/finance", pref_label=[Word(text="Train", language="en")]),
        LIST.rstrip(),
    )
    assert told[-1] == "+F4,Train,,,,,,,"


def test_merged_split_and_deprecated_terms():
    told, concepts = changed(MergeConcepts(lost=f"{S}F3", kept=f"{S}F2"))
    assert concepts[f"{S}F3"].deprecated and concepts[f"{S}F3"].is_replaced_by == (f"{S}F2",)
    assert {label.text for label in concepts[f"{S}F2"].alt_label} >= {"Taxi", "cab", "trip"}
    assert len(told) == 4 and all(line[1:3] in ("F2", "F3") for line in told)
    told, concepts = changed(DeprecateConcept(iri=f"{S}F3", replaced_by=f"{S}F1"))
    assert told[1] == "+F3,Taxi,,cab,,,F2,true,F1"
    parts = [
        Part(iri=f"{S}F4", label=Word(text="By train", language="en")),
        Part(iri=f"{S}F5", label=Word(text="By air", language="en")),
    ]
    told, concepts = changed(SplitConcept(iri=f"{S}F3", into=parts))
    assert [line[:3] for line in told] == ["+F4", "+F5"] and concepts[f"{S}F5"].broader == (f"{S}F3",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (ChangeConcept(iri=f"{S}F1", add_related=[f"{S}F2"]), "no column holds related"),
        (ChangeConcept(iri=f"{S}F1", add_label=[Word(text="frais", language="fr")]), "no column holds altLabel in fr"),
        (ChangeConcept(iri=f"{S}F1", add_label=[Word(text="a;b", language="en")]), "holds what separates values"),
    ],
)
def test_what_no_column_holds_is_refused_with_the_ways_out(change, problem):
    with pytest.raises(CannotChange, match=problem) as caught:
        changed(change)
    assert "finance.yaml" in str(caught.value) and "concord taxonomy convert finance.csv" in str(caught.value)


def test_a_list_without_ids_keeps_its_labels():
    columns, text = YAML.replace(b"  Code: id\n", b""), LIST.replace("F2,,", "Travel claim,,")
    with pytest.raises(CannotChange, match="without a column of ids"):
        changed(ChangeConcept(iri=f"{S}taxi", pref_label=[Word(text="Cab ride", language="en")]), text, columns)
    told, _ = changed(ChangeConcept(iri=f"{S}taxi", add_label=[Word(text="car", language="en")]), text, columns)
    assert told[1] == "+F3,Taxi,,cab; car,,,Travel claim,,"


def test_a_list_that_comes_back_as_it_was_is_not_written():
    change = ChangeConcept(iri=f"{S}F1", add_label=[Word(text="costs", language="en")])
    assert make(change, {"finance.csv": LIST.encode(), "finance.yaml": YAML}) == {}
