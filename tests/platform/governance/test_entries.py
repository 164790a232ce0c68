"""Operations on one entry of a file: what may be given to an item, and what is made anew of other files."""

from datetime import UTC, datetime

import pytest
import yaml
from pydantic import ValidationError

from concord.catalog.proposals import Proposal
from concord.catalog.texts import text_hash
from concord.governance.changes import rebased
from concord.governance.entries import ADDED, ENTRIES, GIVEN, DescribeItem, RankSources, TagItem
from concord.governance.errors import OutOfDate
from concord.governance.operations import read_operation
from concord.governance.terms import TermOperation
from concord.workspace import Declarations, FileProblem
from concord.workspace.sources import read_sources
from concord_taxonomy.changes import ChangeConcept, Word
from concord_taxonomy.standard import Derivation, apply_mapping
from concord_taxonomy.standard.fields import LIST_FIELDS, MAPPABLE

HOLIDAY, TRAVEL = "https://small.example/id/holiday", "https://small.example/id/travel"
SOURCE = """\
# Kept by People.
connector: files
options: {path: content}
mapping:
  fields:
    publisher: {const: People}
    readers: {const: ["group:staff"]}
  rules:
    - match: {path: "**"}   # all of it
      set: {status: draft, audience: [Managers]}
"""
FILES = Declarations({"sources/handbook.yaml": SOURCE})


def mapped(declarations, native_id="leave.md"):
    mapping = read_sources(declarations)["handbook"].mapping
    record = {"native_id": native_id, "metadata": {}, "document": {"title": "Leave"}}
    where = {"identifier": f"handbook/{native_id}", "source": "handbook"}
    return apply_mapping(mapping, record, derivation=Derivation(native_id=native_id), **where).item


def after(operation, declarations=FILES):
    return Declarations({**declarations.files, **operation.files(declarations)})


@pytest.mark.parametrize("native_id", ["leave.md", "a b/[x]*?.md", "12", "!not", "#1 'quoted': yes", "ünï/€.md"])
def test_what_is_said_of_an_item_holds_for_it_alone_and_after_every_other_rule(native_id):
    said = {
        "status": "approved",
        "review_due": "2027-05-01",
        "audience": ("All", "Clerks"),
        "replaces": ("handbook/x",),
    }
    made = after(DescribeItem(identifier=f"handbook/{native_id}", values=said))
    item, beside = mapped(made, native_id), mapped(made, f"{native_id}/inner")
    assert (item.status, item.audience, item.replaces) == ("approved", ("All", "Clerks"), ("handbook/x",))
    assert item.review_due.isoformat() == "2027-05-01" and item.readers == ("group:staff",)
    assert (beside.status, beside.audience, beside.replaces, beside.review_due) == ("draft", ("Managers",), (), None)
    assert made.files["sources/handbook.yaml"].startswith(SOURCE)


@pytest.mark.parametrize("name", sorted(set(MAPPABLE) - set(GIVEN)))
def test_no_right_to_read_no_owner_and_no_standing_is_given_to_one_item(name):
    value = ("everyone",) if name in LIST_FIELDS else "public"
    with pytest.raises(ValidationError, match=f"{name} is not given to one item"):
        DescribeItem(identifier="handbook/leave.md", values={name: value})


def test_the_fields_that_may_be_given_are_of_the_standard_and_none_of_them_opens_a_page():
    assert set(GIVEN) < set(MAPPABLE) and set(GIVEN) >= ADDED
    assert set(GIVEN).isdisjoint(
        {"readers", "access_rights", "authority_tier", "contact_point", "steward", "publisher"}
    )


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"status": "secret"}, "status: 'secret' is not one of"),
        ({"review_due": "soon"}, "review_due: "),
        ({"replaces": ("../../etc",)}, "replaces: "),
        ({"audience": ()}, "audience: a value is needed"),
        ({}, "at least 1 item"),
    ],
)
def test_a_value_that_the_standard_does_not_have_is_refused_by_name(values, told):
    with pytest.raises(ValidationError, match=told):
        DescribeItem(identifier="handbook/leave.md", values=values)


def test_what_is_said_already_changes_nothing_and_a_source_has_to_be_there():
    operation = DescribeItem(identifier="handbook/leave.md", values={"review_due": "2027-05-01", "keyword": ("days",)})
    made = after(operation)
    assert after(operation, made) == made != FILES
    other = DescribeItem(identifier="handbook/leave.md", values={"review_due": "2028-05-01"})
    assert mapped(after(other, made)).review_due.year == 2028
    with pytest.raises(FileProblem, match="there is no such file"):
        DescribeItem(identifier="elsewhere/leave.md", values={"version": "2"}).files(FILES)


def test_tags_are_one_entry_for_an_item_and_the_newest_decision_stands():
    first = after(TagItem(identifier="handbook/leave.md", add=(HOLIDAY,), remove=(TRAVEL,), why="case 7"))
    assert yaml.safe_load(first.files["tags.yaml"]) == {
        "tags": [{"identifier": "handbook/leave.md", "add": [HOLIDAY], "remove": [TRAVEL], "why": "case 7"}]
    }
    turned = after(TagItem(identifier="handbook/leave.md", add=(TRAVEL,)), first)
    (entry,) = yaml.safe_load(turned.files["tags.yaml"])["tags"]
    assert (entry["add"], entry["remove"]) == ([HOLIDAY, TRAVEL], [])
    more = after(TagItem(identifier="handbook/pay.md", remove=(HOLIDAY,)), turned)
    assert len(yaml.safe_load(more.files["tags.yaml"])["tags"]) == 2
    assert after(TagItem(identifier="handbook/pay.md", remove=(HOLIDAY,)), more) == more
    with pytest.raises(ValidationError, match="name a concept"):
        TagItem(identifier="handbook/leave.md")


def test_a_ranking_takes_the_place_of_the_one_that_holds_and_keeps_who_is_not_named():
    held = f"rankings:\n  - concept: {HOLIDAY}   # People decide\n    sources: [c, a, b]\ncontested_after_days: 9\n"
    files = Declarations({"authority.yaml": held})
    made = after(RankSources(concept=HOLIDAY, sources=("a", "d")), files).files["authority.yaml"]
    assert made == held.replace("[c, a, b]", "[a, d, c, b]")
    assert after(RankSources(concept=HOLIDAY, sources=("c", "a")), files) == files
    narrow = after(RankSources(concept=HOLIDAY, sources=("b",), use_case="desk"), files)
    assert yaml.safe_load(narrow.files["authority.yaml"])["rankings"][1:] == [
        {"concept": HOLIDAY, "use_case": "desk", "sources": ["b"]}
    ]
    with pytest.raises(ValidationError, match="twice"):
        RankSources(concept=HOLIDAY, sources=("a", "a"))


OPERATIONS = (
    DescribeItem(identifier="handbook/leave.md", values={"version": "2", "audience": ("All",)}),
    TagItem(identifier="handbook/leave.md", add=(HOLIDAY,)),
    RankSources(concept=HOLIDAY, sources=("handbook",)),
    TermOperation(ChangeConcept(iri=HOLIDAY, add_label=(Word(text="leave", language="en"),))),
)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: type(each).__name__)
def test_an_operation_is_read_as_it_was_kept(operation):
    assert read_operation(operation.to_json()) == operation
    assert operation.summary(lambda iri: iri.rpartition("/")[2])
    assert set(ENTRIES) == {"describe_item", "tag_item", "rank_sources"}


def test_an_operation_is_made_anew_of_files_that_changed_elsewhere_and_only_of_these(proposal_of):
    operation = DescribeItem(identifier="handbook/leave.md", values={"review_due": "2027-05-01"})
    proposal, files = proposal_of(operation, FILES)
    renamed = Declarations({"sources/handbook.yaml": SOURCE.replace("by People", "by nobody")})
    made = rebased(proposal, files, renamed, lambda: FILES, read_operation)["sources/handbook.yaml"]
    assert "by nobody" in made and "review_due: 2027-05-01" in made
    meanwhile = after(DescribeItem(identifier="handbook/leave.md", values={"review_due": "2026-01-01"}))
    with pytest.raises(OutOfDate):
        rebased(proposal, files, meanwhile, lambda: FILES, read_operation)


@pytest.fixture
def proposal_of():
    def made(operation, declarations):
        files, now = operation.files(declarations), datetime.now(UTC)
        hashes = [{path: text_hash(text[path]) for path in files} for text in (files, declarations.files)]
        kept = Proposal("source", *hashes, declarations.digest, "user:ann", "why", now, now, operation.to_json())
        return kept, files

    return made
