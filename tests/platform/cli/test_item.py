"""`concord item` shows everything of one item to those who may read it, and one line to all others."""

import json

import pytest

SECRET = "zanzibar"
HIDDEN = "people-handbook/restricted/zanzibar.md"


def item(workspace, identifier, who):
    done = workspace.run("item", identifier, "--as", who, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_fields_come_with_their_origin_tags_with_their_words_and_the_owner_with_the_rule(synced):
    told = item(synced, "people-handbook/leave.md", "pat")
    fields = told["item"]
    assert fields["title"] == "Annual leave" and fields["contact_point"] == "user:ann"
    assert fields["field_origin"]["publisher"] == "rule" and fields["field_origin"]["modified"] == "connector"
    [tag] = told["tags"]
    assert tag["label"] == "annual leave" and "holiday" in tag["matched"] and tag["origin"] == "tagger"
    owner = {"owner": "user:ann", "steward": None, "backup": "group:people-leads", "rule": 1}
    assert told["ownership"] == owner
    shown = synced.run("item", "people-handbook/leave.md", "--as", "pat").out
    for part in ("people-handbook/leave.md@1", "publisher", "rule", "holiday", "rule 1 of ownership.yaml", "user:ann"):
        assert part in shown


def test_the_forms_of_an_item(synced):
    turtle = synced.run("item", "people-handbook/leave.md", "--as", "pat", "--turtle").out
    assert "dcterms:title" in turtle and "dcterms:replaces" in turtle
    text = synced.run("item", "people-handbook/leave.md", "--as", "pat", "--text").out
    assert text.startswith("# Annual leave\n\nEveryone receives 27 days")
    both = synced.run("item", "people-handbook/leave.md", "--as", "pat", "--text", "--json")
    assert both.code == 2 and "exclude one another" in both.err


def test_an_item_is_found_by_its_reference(synced):
    for reference in ("people-handbook/leave.md@1", "people-handbook/leave.md@1.."):
        assert item(synced, reference, "pat")["item"]["revision"] == 1
    other = synced.run("item", "people-handbook/leave.md@7", "--as", "pat")
    assert other.code == 2 and "its revisions are 1 to 1" in other.err


def test_links_lead_only_to_what_one_may_read(synced):
    assert item(synced, "people-handbook/leave.md", "pat")["item"]["replaces"] == ["people-handbook/leave-2024.md"]
    assert item(synced, "people-handbook/bonus.md", "ann")["item"]["replaces"] == [HIDDEN]
    hidden = item(synced, "people-handbook/bonus.md", "pat")["item"]
    assert hidden["replaces"] == [] and "replaces" not in hidden["field_origin"]


@pytest.mark.parametrize("form", [[], ["--json"], ["--turtle"], ["--text"]])
def test_nothing_of_a_hidden_item_is_shown_with_one_that_links_to_it(synced, form):
    shown = synced.run("item", "people-handbook/bonus.md", "--as", "pat", *form)
    assert shown.code == 0 and "bonus" in shown.everything
    assert SECRET not in shown.everything and "dcterms:replaces" not in shown.out


@pytest.mark.parametrize("who", ["pat", "fay", "carl"])
@pytest.mark.parametrize("form", [[], ["--json"], ["--turtle"], ["--text"]])
@pytest.mark.parametrize("reference", ["", "@1", "@9"])
def test_unknown_and_unreadable_items_are_told_alike(synced, who, form, reference):
    assert synced.run("item", HIDDEN, "--as", "ann", *form).code == 0
    hidden = synced.run("item", HIDDEN + reference, "--as", who, *form)
    unknown = synced.run("item", "people-handbook/no-such.md" + reference, "--as", who, *form)
    assert hidden.code == unknown.code == 2 and not hidden.out and not unknown.out
    assert hidden.err.replace(HIDDEN, "X") == unknown.err.replace("people-handbook/no-such.md", "X")
    assert hidden.err.count("\n") == 1


@pytest.mark.parametrize(
    "identifier", ["", " ", "@1", "people-handbook/restricted/zanzibar-list.md", "a" * 5000, "a\nb", "\x00", "\udcff"]
)
def test_odd_identifiers_are_told_on_one_line(synced, identifier):
    done = synced.run("item", identifier, "--as", "ann")
    assert done.code == 2 and not done.out and done.err.count("\n") == 1


def test_an_item_that_its_source_no_longer_has_is_gone(synced_copy):
    synced_copy.remove("content/people/leave-2024.md")
    synced_copy.run("sync")
    assert synced_copy.run("item", "people-handbook/leave-2024.md", "--as", "ann").code == 2
    assert item(synced_copy, "people-handbook/leave.md", "ann")["item"]["replaces"] == []
