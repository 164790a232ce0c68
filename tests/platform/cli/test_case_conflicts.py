"""A case of a contradiction tells what contradicts what, and which wins, to those alone who may read all of it."""

import pytest

CLAIMS = "Within how many days of receipt are travel expenses paid?"
PEOPLE, FINANCE = "people-handbook/claims.md", "finance-policies/claims.md"


def expenses(workspace, folder, days, modified):
    page = f"# Expenses\n\nTravel expenses are paid within {days} days of receipt.\n"
    workspace.write(f"content/{folder}/claims.md", f"---\nmodified: {modified}\n---\n{page}")


@pytest.fixture
def workspace(synced_copy):
    """Two pages of two departments contradict each other; fay may read both, ann and pat one."""
    expenses(synced_copy, "people", 30, "2026-02-01")
    expenses(synced_copy, "finance", 60, "2023-01-01")
    lower = '  rules:\n    - match: {path: "claims.md"}\n      set: {authority_tier: discussion}'
    synced_copy.replace("sources/people-handbook.yaml", "  rules:", lower)
    synced_copy.replace("ownership.yaml", "rules:", "roles: {triage: user:ann}\nrules:")
    settings = (synced_copy.folder / "concord.yaml").read_text("utf-8")
    synced_copy.write("concord.yaml", settings + "answer: {min_confidence: 0}\n")
    return synced_copy.ready()


def found(workspace, who="fay"):
    workspace.json("ask", CLAIMS, "--as", who)
    (case,) = workspace.json("cases", "detect")["cases"]
    return str(case["id"])


def shown(workspace, number, who="fay"):
    return workspace.json("cases", "show", number, "--as", who)


def suggested(workspace, number):
    suggestions = workspace.json("cases", "suggest", number, "--as", "fay")["suggestions"]
    (fields,) = [each["fields"] for each in suggestions if each["kind"] == "replaces"]
    return {each["name"]: each["value"] for each in fields}


def test_the_case_of_a_contradiction_tells_both_sides_which_wins_and_by_what(workspace):
    number = found(workspace)
    (entry,) = shown(workspace, number)["conflicts"]
    sides = {
        (side["value"], side["wins"], page["identifier"], page["title"], page["quote"])
        for side in entry["sides"]
        for page in side["pages"]
    }
    assert sides == {
        ("30 days", False, PEOPLE, "Expenses", "Travel expenses are paid within 30 days of receipt."),
        ("60 days", True, FINANCE, "Expenses", "Travel expenses are paid within 60 days of receipt."),
    }
    assert (entry["winner"], entry["rule"]) == (FINANCE, "source_ranking") and "expense" in entry["about"]
    told = workspace.run("cases", "show", number, "--as", "fay").out
    assert f"contradiction {entry['id']}" in told and entry["explanation"] in told
    assert "* 60 days" in told and "  30 days" in told and PEOPLE in told and FINANCE in told
    assert suggested(workspace, number) == {"newer": PEOPLE, "older": FINANCE}


@pytest.mark.parametrize(("people", "finance"), [("2026-02-01", "2026-02-01"), ("2026-02-01", "")])
def test_neither_page_is_taken_for_the_newer_where_dates_do_not_tell(workspace, people, finance):
    number = found(workspace)
    expenses(workspace, "people", 30, people)
    expenses(workspace, "finance", 60, finance)
    assert workspace.run("sync").code == 0
    assert shown(workspace, number)["conflicts"]
    assert suggested(workspace, number)["newer"] == ""


def test_whoever_may_read_one_side_only_sees_no_contradiction_and_no_count_of_sides(workspace):
    number = found(workspace)
    for who in ("ann", "pat"):  # ann sorts cases, and owns the page of one side
        assert workspace.run("cases", "show", number, "--as", who).code == 2
    workspace.replace("principals.yaml", "groups: [finance]", "groups: [people]")
    assert workspace.run("apply").code == 0
    mine = shown(workspace, number)  # fay asked, and may read one side only by now
    assert mine["yours"] and "conflicts" not in mine
    told = workspace.run("cases", "show", number, "--as", "fay").out
    assert "60 days" not in told and "contradiction" not in told and FINANCE not in told


def test_a_side_that_whoever_deals_with_a_case_may_not_read_is_not_told(workspace):
    expenses(workspace, "people/restricted", 45, "2026-03-01")
    assert workspace.run("sync").code == 0
    number = found(workspace)
    data = shown(workspace, number)
    assert "45 days" not in str(data) and "restricted" not in str(data)
    ((page,), (other,)) = [each["pages"] for entry in data["conflicts"] for each in entry["sides"]]
    assert {page["identifier"], other["identifier"]} == {PEOPLE, FINANCE}


def test_a_contradiction_that_is_gone_is_told_no_more(workspace):
    number = found(workspace)
    workspace.remove("content/people/claims.md")
    assert workspace.run("sync").code == 0
    assert shown(workspace, number)["conflicts"] == []


def test_a_case_of_a_page_that_its_owner_may_not_read_is_with_somebody_else(synced_copy):
    synced_copy.replace("sources/finance-policies.yaml", '["group:finance"]', '["group:staff"]')
    synced_copy.replace("ownership.yaml", "steward: user:ann", "steward: user:fay")
    synced_copy.replace("ownership.yaml", "rules:", "roles: {triage: user:fay}\nrules:")
    synced_copy.write(
        "content/finance/spot.md", "---\nstatus: Final\n---\n# Spot bonus\n\nA spot bonus is 100 euros.\n"
    )
    synced_copy.write("content/people/restricted/memo.md", "# Memo of the board\n\nA spot bonus is 250 euros.\n")
    workspace = synced_copy.ready()
    trace = workspace.json("ask", "How much is a spot bonus?", "--as", "ann")["trace_id"]
    made = workspace.json("correct", trace, "--as", "ann", "--right-answer", "250 euros")
    number = str(made["corrections"][0]["case"])
    assert shown(workspace, number)["owner"] == "user:fay"
    told = workspace.run("cases", "diagnose", number, "--as", "fay").out
    assert "disagree" not in told and "not read" not in told
    assert workspace.run("cases", "show", number, "--as", "fay").code == 2
