"""CSV term lists: what their columns mean, errors by row, and writing them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord_taxonomy.quality import check
from concord_taxonomy.skos import (
    Concept,
    Label,
    Limits,
    NotWritable,
    Scheme,
    Vocabulary,
    VocabularyFileError,
    convert,
    parse_vocabularies,
    read_folder,
    write_terms,
)
from concord_taxonomy.skos.columns import read_columns

COLUMNS = """
scheme: https://x.example/finance
title: Finance terms
publisher: Finance
columns:
  Code: id
  Term: prefLabel
  Begriff: prefLabel@de
  Also: {property: altLabel, separator: ;}
  Meaning: definition
  Above: {property: broader, separator: ;}
  Same as: exactMatch
  Old: deprecated
  Use: isReplacedBy
"""
LIST = """Code,Term,Begriff,Also,Meaning,Above,Same as,Old,Use,Remarks
F1,Expenses,,,"What people, on duty, spend.",,,,,mine
F2,Travel claim,Reise\u00adkosten,trip; mileage  claim ,,expenses,https://x.example/id/travel,no,,
F3,Petty cash,,,,F1,,x,Travel Claim,

"""
BASE = "https://x.example/finance/"


def read(text: str, columns: str = COLUMNS, limits: Limits | None = None) -> Vocabulary:
    files = {"finance.csv": text.encode(), "finance.yaml": columns.encode()}
    return parse_vocabularies(files, limits=limits)


def test_rows_become_concepts() -> None:
    vocabulary = read(LIST)
    assert vocabulary.schemes == {
        "https://x.example/finance": Scheme("https://x.example/finance", (Label("Finance terms", "en"),), "Finance")
    }
    claim, cash = vocabulary.concepts[BASE + "F2"], vocabulary.concepts[BASE + "F3"]
    assert claim == Concept(
        BASE + "F2",
        pref_label=(Label("Reise\u00adkosten", "de"), Label("Travel claim", "en")),
        alt_label=(Label("mileage claim", "en"), Label("trip", "en")),
        broader=(BASE + "F1",),
        exact_match=("https://x.example/id/travel",),
        in_scheme=("https://x.example/finance",),
    )
    assert cash.deprecated and cash.is_replaced_by == (BASE + "F2",)
    assert vocabulary.concepts[BASE + "F1"].narrower == (BASE + "F2", BASE + "F3")


def test_a_list_stands_beside_other_files(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "finance.csv").write_text("\ufeff" + LIST, "utf-8")
    (tmp_path / "finance.yaml").write_text(COLUMNS)
    (tmp_path / "shared.ttl").write_text(
        "<https://x.example/id/> a <http://www.w3.org/2004/02/skos/core#ConceptScheme> . <https://x.example/id/travel> "
        "a <http://www.w3.org/2004/02/skos/core#Concept> ."
    )
    assert read_folder(tmp_path).shared(BASE + "F2") == ("https://x.example/id/travel",)
    files = {"finance.csv": LIST.encode(), "finance.yaml": COLUMNS.encode()}
    assert check(files).counts["incomplete_language_coverage"] == 2


def test_without_ids_the_label_is_the_id() -> None:
    columns = "{scheme: 'urn:x', namespace: 'urn:x#', delimiter: ';', language: '', columns: {Term: prefLabel}}"
    vocabulary = read("Term\nSick leave\n", columns)
    assert vocabulary.concepts == {
        "urn:x#sick-leave": Concept("urn:x#sick-leave", pref_label=(Label("Sick leave"),), in_scheme=("urn:x",))
    }


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "empty"),
        ("Code,Term\n", 1, "no column 'Begriff' \\(there are: Code, Term\\)"),
        (LIST.replace("Remarks", "Term"), 1, "two columns are called 'Term'"),
        (LIST + "F4,,,,,,,,,\n", 6, "without a preferred label"),
        (LIST + ",Petty,,,,,,,,\n", 6, "without an id"),
        (LIST + "F1,Petty,,,,,,,,\n", 6, "the id 'F1' is that of line 2 too"),
        (LIST + "F4,Petty,,,,F9,,,,\n", 6, "broader 'F9': no id or preferred label of the list, nor an IRI"),
        (LIST + "F4,Fee,,,,,,,,\nF5,Fee,,,,,,,,\nF6,E,,,,Fee,,,,\n", 8, "several terms are called so"),
        (LIST + "F4,Petty,,,,,,perhaps,,\n", 6, "deprecated 'perhaps': write true or false"),
        (LIST + "F4,Petty,,,,,,,,,,\n", 6, "12 cells under 10 names: quote what holds ','"),
        (LIST + '"F4\n', 6, "not CSV"),
        (LIST + "F4," + "x" * 200 + ",,,,,,,,\n", 6, "more than 100 characters"),
    ],
)
def test_errors_name_the_row(text: str, line: int, problem: str) -> None:
    with pytest.raises(VocabularyFileError, match=problem) as caught:
        read(text, limits=Limits(literal_chars=100))
    assert (caught.value.file, caught.value.line) == ("finance.csv", line)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("scheme: [", "not YAML"),
        ("[1]", "valid dictionary"),
        ("scheme: finance\ncolumns: {A: prefLabel}", "scheme: "),
        ("scheme: urn:x", "columns: Field required"),
        ("scheme: urn:x\ncolumns: {A: altLabel}", "one of them must be prefLabel"),
        ("scheme: urn:x\ncolumns: {A: prefLabel, B: colour}", "columns.B.property"),
        ("scheme: urn:x\ncolumns: {A: prefLabel}\nother: 1", "other"),
        ("a" * 100_000, "larger than"),
    ],
)
def test_errors_of_columns_name_the_place(columns: str, problem: str) -> None:
    with pytest.raises(VocabularyFileError, match=problem) as caught:
        read(LIST, columns)
    assert caught.value.file == "finance.yaml"


def test_a_list_and_its_columns_belong_together() -> None:
    with pytest.raises(VocabularyFileError, match=r"write finance\.yaml beside it"):
        parse_vocabularies({"t/finance.csv": LIST.encode()})
    with pytest.raises(VocabularyFileError, match=r"columns of finance\.csv mean, which is not there"):
        parse_vocabularies({"t/finance.yaml": COLUMNS.encode()})
    with pytest.raises(VocabularyFileError, match="not UTF-8") as caught:
        parse_vocabularies({"f.csv": b"Code,Term\n\xff", "f.yaml": COLUMNS.encode()})
    assert caught.value.line == 2


def test_a_list_becomes_turtle() -> None:
    files = {"finance.csv": LIST.encode(), "finance.yaml": COLUMNS.encode()}
    turtle = convert(files, "finance.ttl")
    assert b'finance:F1 a skos:Concept ;\n\tskos:definition "What people, on duty, spend."@en' in turtle
    assert parse_vocabularies({"finance.ttl": turtle}) == parse_vocabularies(files)
    assert convert({"finance.ttl": turtle}, "again.ttl") == turtle
    assert parse_vocabularies({"a.jsonld": convert({"finance.ttl": turtle}, "a.jsonld")}) == parse_vocabularies(files)


words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(' ,"\n'), min_size=1, max_size=8
).filter(lambda text: text.strip() and ";" not in text)
english = st.lists(st.builds(Label, words, st.just("en")), max_size=2).map(tuple)
FINANCE = "https://x.example/finance"
iris = st.sampled_from([f"{BASE}{name}" for name in ("a", "b", "%C3%A9", "c/d")] + ["https://x.example/id/z"])
terms = st.builds(
    Concept,
    iris,
    pref_label=st.builds(Label, words, st.just("en")).map(lambda label: (label,)),
    alt_label=english,
    broader=st.lists(iris, max_size=2).map(tuple),
    in_scheme=st.just((FINANCE,)),
    deprecated=st.booleans(),
)
ALL = """
scheme: https://x.example/finance
columns:
  id: id
  prefLabel: {property: prefLabel, separator: "|;|"}
  altLabel: {property: altLabel, separator: ";"}
  broader: {property: broader, separator: ";"}
  narrower: {property: narrower, separator: ";"}
  deprecated: deprecated
"""


@given(st.lists(terms, max_size=5))
@settings(deadline=None)
def test_a_list_that_is_written_is_read_the_same(concepts: list[Concept]) -> None:
    vocabulary = Vocabulary.build(concepts, [Scheme(FINANCE)])
    columns = read_columns(ALL.encode(), "all.yaml")
    data = write_terms(vocabulary, columns)
    again = parse_vocabularies({"all.csv": data, "all.yaml": ALL.encode()}, shared_scheme="")
    assert again == vocabulary


def test_a_cell_that_cannot_hold_its_values_is_told() -> None:
    columns = read_columns(
        b"{scheme: 'https://x.example/finance', columns: {Term: prefLabel, Also: altLabel}}", "f.yaml"
    )

    def written(iri: str, *labels: str) -> bytes:
        concept = Concept(
            iri,
            pref_label=(Label("a", "en"),),
            alt_label=tuple(Label(each, "en") for each in labels),
            in_scheme=(FINANCE,),
        )
        return write_terms(Vocabulary.build([concept]), columns)

    assert written(BASE + "a", "b") == b"Term,Also\na,b\n"
    with pytest.raises(NotWritable, match="give it a separator"):
        written(BASE + "a", "b", "c")
    with pytest.raises(NotWritable, match="name an id column"):
        written(BASE + "z")
