"""What a document says of its own standing is read, and nothing else is taken for it."""

import time

import pytest

from concord.ingestion.notices import Notice, read_notice, with_notice
from concord_taxonomy.standard import ContentItem, Derivation, MappingResult, Origin, Status

HERE = "leave/old.md"


def read(text, **metadata):
    return read_notice(text, HERE, "handbook", metadata)


@pytest.mark.parametrize(
    "text",
    [
        "This page has been replaced by [Leave 2026](new.md).",
        "# Leave\n\n> **This page has been replaced by [Leave 2026](new.md#days).**\n\nMore.",
        "> [!WARNING] This document is superseded by [Leave](./new.md)",
        "Superseded by: [Leave](/leave/new.md)",
        "**Status:** Superseded by [Leave](../leave/new.md)",
        "Note: this travel policy was replaced by the [new page](<new.md>)",
    ],
)
def test_a_banner_names_what_replaced_the_page(text):
    assert read(text) == Notice(is_replaced_by=("handbook/leave/new.md",))


@pytest.mark.parametrize("text", ["This policy replaces [the old one](older.md).", "Supersedes: [2023](older.md)"])
def test_a_page_says_what_it_replaces(text):
    assert read(text) == Notice(replaces=("handbook/leave/older.md",))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("This page has been withdrawn.", Status.WITHDRAWN),
        ("# Leave\n\n**WITHDRAWN**\n\nText.", Status.WITHDRAWN),
        ("This guidance is no longer current.", Status.DEPRECATED),
        ("> No longer current", Status.DEPRECATED),
        ("This page has been archived; please reference [it](https://x.example/leave/).", Status.DEPRECATED),
        ("This policy no longer applies to anybody.", Status.DEPRECATED),
        # What replaced it is not a page of this source: only that it is no longer current is known.
        ("This page has been replaced by the Travel policy 2026.", Status.DEPRECATED),
        ("Superseded by: [HR Links](https://x.example/hr)", Status.DEPRECATED),
    ],
)
def test_a_banner_lowers_the_status(text, status):
    assert read(text) == Notice(status=status)


@pytest.mark.parametrize(
    "text",
    [
        "Laptops are replaced by the service desk every four years.",
        "If this page has been replaced by another, tell us.",
        "This page will be replaced by [Leave 2027](next.md) in January.",
        "This page has not been replaced by [another](new.md).",
        "Your card is no longer valid after a year.",
        "The application's README should say why the repository has been archived.",
        "If a decision has been superseded by another decision, the old one must be marked as superseded.",
        "VMWare Horizon is being replaced by Citrix.",
        "Replaced by the service desk every four years.",
        "- Superseded by [HR Links](hr.md)",
        "* Deprecated",
        "Deprecated libraries are listed below.",
        "Withdrawn consent is recorded within a day.",
        "Text.\n" * 500 + "This page has been withdrawn.",
    ],
)
def test_other_sentences_are_no_banner(text):
    assert read(text) == Notice()


def test_layouts():
    assert read("Text.", layout="withdrawn").status is Status.WITHDRAWN
    assert read("Text.", layout="Archived").status is Status.DEPRECATED
    assert read("Text.", layout="page") == read("Text.", layout=3) == read("Text.") == Notice()


VERSIONS = """# Leave

| Version | Date | Changes |
|---|---|---|
| 1.0 | 2023-01-05 | First |
| 1.10 | 2025-02-01 | Days |
| 1.9 | 2024-02-01 | Dates |
"""


def test_the_newest_row_of_a_table_of_versions():
    notice = read(VERSIONS)
    assert notice.version == "1.10" and notice.issued is not None and notice.issued.date().isoformat() == "2025-02-01"
    assert read(VERSIONS.replace("Changes", "Supported")) == Notice()  # versions of something else
    assert read(VERSIONS.replace("| Date |", "| Lines |")) == Notice()


def item(**fields):
    return ContentItem(
        identifier="handbook/leave/old.md",
        source="handbook",
        title="Leave",
        was_derived_from=Derivation(native_id=HERE),
        **fields,
    )


def described(body, **fields):
    made = item(**fields)
    done = with_notice(MappingResult(made.identifier, made, (), made.field_origin), body, None)
    assert done.item is not None
    return done.item


def test_fields_say_that_they_were_read_in_the_text():
    made = described("This page has been withdrawn.\n" + VERSIONS, field_origin={"status": Origin.RULE})
    assert (made.status, made.version) == (Status.WITHDRAWN, "1.10")
    assert {made.field_origin[name] for name in ("status", "version", "issued")} == {Origin.TAGGER}


def test_a_status_is_never_raised_and_a_curators_stays():
    assert described("This page is no longer current.", status="withdrawn").status is Status.WITHDRAWN
    assert described("This page is no longer current.", status="draft").status is Status.DRAFT
    kept = described("This page has been withdrawn.", field_origin={"status": Origin.CURATOR})
    assert kept.status is Status.APPROVED
    assert described(VERSIONS, version="7").version == "7"


def test_links_are_added_and_a_page_does_not_replace_itself():
    made = described("Superseded by [a](a.md) and [itself](old.md)", is_replaced_by=("handbook/b.md",))
    assert made.is_replaced_by == ("handbook/b.md", "handbook/leave/a.md")


def test_a_text_without_notice_is_the_same_item():
    made = item()
    result = MappingResult(made.identifier, made)
    assert with_notice(result, "Everyone receives 27 days of annual leave.", {}) is result


@pytest.mark.parametrize(
    "text", ["> * " * 5_000, "this " * 5_000 + "page has been", "version |" * 5_000, "| version |\n" * 5_000]
)
def test_reading_takes_time_that_grows_with_the_length_alone(text):
    began = time.perf_counter()
    read(text)
    assert time.perf_counter() - began < 1
