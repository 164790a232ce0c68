"""The evidence of a correction: a reference, an address or a quote, among what the corrector may read."""

import json

import pytest

LEAVE = "people-handbook/leave.md"
QUESTION = "How many days of annual leave does everyone receive?"


def corrected(workspace, who, *evidence):
    trace = json.loads(workspace.run("ask", QUESTION, "--as", who, "--json").out)["trace_id"]
    options = [part for each in evidence for part in ("--evidence", each)]
    return workspace.run("correct", trace, "--as", who, *options, "--json")


def report(workspace, who, *evidence):
    made = corrected(workspace, who, *evidence)
    assert made.code == 0, made.err
    number = json.loads(made.out)["corrections"][0]["case"]
    shown = workspace.run("cases", "show", str(number), "--as", who, "--json")
    return json.loads(shown.out)["reports"][-1]


@pytest.fixture
def workspace(synced_copy):
    address = "".join(
        f"\n    - match: {{path: '{path}'}}\n      set: {{landing_page: 'https://intranet.example/{path}'}}"
        for path in ("leave.md", "restricted/zanzibar.md")
    )
    synced_copy.replace("sources/people-handbook.yaml", "  rules:", f"  rules:{address}")
    for command in ("apply", "sync"):
        done = synced_copy.run(command)
        assert done.code == 0, done.everything
    return synced_copy


@pytest.mark.parametrize(
    "address",
    ["https://intranet.example/leave.md", "https://intranet.example/leave.md#days", f"http://concord/items/{LEAVE}"],
)
def test_an_address_of_a_page_is_that_page_and_is_kept(workspace, address):
    found = report(workspace, "pat", address)
    assert [each.partition("@")[0] for each in found["expected"]] == [LEAVE] and found["quoted"] == [address]


def test_an_address_that_leads_nowhere_is_kept_as_it_is(workspace):
    found = report(workspace, "pat", "https://elsewhere.example/a page")
    assert (found["expected"], found["quoted"]) == ([], ["https://elsewhere.example/a page"])


def test_a_quote_is_kept_and_located_where_it_stands_word_for_word(workspace):
    found = report(workspace, "pat", "everyone receives 27 days", "nobody has ever written this")
    assert [each.partition("@")[0] for each in found["expected"]] == [LEAVE]
    assert found["quoted"] == ["everyone receives 27 days", "nobody has ever written this"]


@pytest.mark.parametrize(
    "evidence", ["https://intranet.example/restricted/zanzibar.md", "the zanzibar office closes in"]
)
def test_what_one_may_not_read_is_like_what_is_not_there(workspace, evidence):
    for who, located in (("pat", False), ("ann", True)):
        made = corrected(workspace, who, evidence)
        assert made.code == 0, made.err
        number = json.loads(made.out)["corrections"][0]["case"]
        shown = json.loads(workspace.run("cases", "show", str(number), "--as", who, "--json").out)
        assert any("zanzibar" in each for each in shown["reports"][-1]["expected"]) is located


def test_a_mistyped_name_is_refused_as_before(workspace):
    done = corrected(workspace, "pat", "people-handbook/no-such.md")
    assert done.code == 2 and "no-such.md" in done.err


def test_a_file_of_corrections_takes_them_too(workspace):
    head = "principal,question,reason,evidence\n"
    line = f'pat,{QUESTION},outdated,"https://intranet.example/leave.md;everyone receives 27 days"\n'
    file = workspace.write("corrections.csv", head + line)
    done = workspace.run("correct", "--csv", str(file), "--as", "ann", "--json")
    assert done.code == 0, done.err
    number = json.loads(done.out)["corrections"][0]["case"]
    (found,) = json.loads(workspace.run("cases", "show", str(number), "--as", "pat", "--json").out)["reports"]
    assert found["quoted"] == ["https://intranet.example/leave.md", "everyone receives 27 days"]
    assert len(found["expected"]) == 1
