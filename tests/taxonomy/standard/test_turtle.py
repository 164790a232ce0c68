import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.standard import ContentItem, Derivation, to_turtle
from concord_taxonomy.standard.terms import TERMS, expand


def item(**changes: object) -> ContentItem:
    least = {"identifier": "s/a.md", "source": "s", "title": "A", "was_derived_from": Derivation(native_id="a.md")}
    return ContentItem.model_validate(least | changes)


def literals(turtle: str, field: str) -> set[str]:
    predicate = ox.NamedNode(expand(TERMS[field]))
    quads = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    return {quad.object.value for quad in quads if quad.predicate == predicate and isinstance(quad.object, ox.Literal)}


FULL = item(
    landing_page="https://intranet.example/a", description="All of it.", type="page", format="text/html",
    language="en-GB", generated_at="2026-01-02T00:00:00Z", generated_by={"connector": "files", "mapping": "abc"},
    invalidated_at="2026-01-03T00:00:00Z", checksum="00ff", field_origin={"title": "connector"}, creator="Ann",
    publisher="People", contact_point="user:ann", steward="user:bob", created="2025-01-01T00:00:00Z",
    modified="2025-06-01T12:00:00+02:00", issued="2025-01-02T00:00:00Z", valid_from="2025-01-01",
    valid_until="2027-01-01", last_reviewed="2025-12-01", review_due="2026-06-01", version="2.1",
    replaces=["s/old.md"], is_replaced_by=["s/new.md"], readers=["everyone"], license="https://example.org/licence",
    audience=["staff"], spatial=["UK"], conforms_to=["ISO 27001"], subject=["https://example.org/id/leave"],
    keyword=["leave"], authority_tier="policy",
)  # fmt: skip


def test_every_field_is_exported_under_its_term() -> None:
    predicates = {
        quad.predicate.value for quad in ox.parse(to_turtle([FULL], readers=True), format=ox.RdfFormat.TURTLE)
    }
    assert predicates >= {expand(term) for term in TERMS.values()}


def test_readers_are_left_out_unless_asked_for() -> None:
    assert "everyone" not in to_turtle([FULL])
    assert literals(to_turtle([FULL], readers=True), "readers") == {"everyone"}


def test_items_in_any_order_give_the_same_text() -> None:
    items = [item(identifier=f"s/{name}.md") for name in "cab"]
    assert to_turtle(items) == to_turtle(sorted(items, key=lambda one: one.identifier))


def test_words_that_are_no_iris_stay_literals() -> None:
    turtle = to_turtle([item(subject=["not an iri"], landing_page="http://bad host/<x>", license='urn:"x"')])
    assert literals(turtle, "subject") == {"not an iri"}
    assert literals(turtle, "landing_page") == {"http://bad host/<x>"}
    assert literals(turtle, "license") == {'urn:"x"'}


ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
HOSTILE = (
    st.sampled_from(['"""', '" .\n<urn:x> a <urn:y>', "\\", "\\u0041", "a\r\nb", "\x00", "'''", "@prefix", "﻿"]) | ANY
)


@given(title=HOSTILE, keyword=HOSTILE, name=HOSTILE)
def test_hostile_text_comes_back_as_it_was(title: str, keyword: str, name: str) -> None:
    if not title.strip() or not keyword.strip() or not name.strip():
        return
    described = item(title=title, keyword=[keyword], version=name, identifier=f"s/{name}", language="de")
    turtle = to_turtle([described])
    assert literals(turtle, "title") == {described.title}
    assert literals(turtle, "keyword") == set(described.keyword)
    assert described.identifier in literals(turtle, "identifier")
    assert literals(turtle, "version") == {described.version}
    subjects = {quad.subject for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
    assert sum(str(subject).startswith("<urn:concord:item:") for subject in subjects) == 1
