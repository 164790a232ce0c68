"""`concord taxonomy check`: findings for a person and as JSON, repairs in place, and errors on one line."""

import json

import pytest

WORDS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://x.example/> .
:a a skos:Concept ; skos:prefLabel "alpha"@en ; skos:altLabel "alpha"@en .
"""


@pytest.fixture
def words(workspace):
    return workspace.write("words/words.ttl", WORDS)


def test_findings_as_json(workspace, words):
    done = workspace.run("taxonomy", "check", str(words), "--json")
    assert done.code == 1
    report = json.loads(done.out)
    assert report.keys() == {"concepts", "triples", "findings", "counts"}
    assert (report["concepts"], report["triples"], report["counts"]["S13"]) == (1, 3, 1)
    assert report["findings"][0]["severity"] == "error"


def test_findings_for_a_person(workspace, words):
    done = workspace.run("taxonomy", "check", str(words.parent))
    assert done.code == 1
    assert "error S13: 1\n  repair: keep the strongest kind" in done.out
    assert done.out.endswith("1 concepts, 3 triples: 1 errors, 2 warnings\n")


def test_repairs_in_place(workspace, words):
    done = workspace.run("taxonomy", "check", str(words), "--fix")
    assert done.code == 0 and f"{words} is rewritten" in done.err
    assert "altLabel" not in words.read_text("utf-8")
    again = workspace.run("taxonomy", "check", str(words), "--fix")
    assert again.code == 0 and not again.err


def test_lists_are_not_fixed_and_it_says_so(workspace, words):
    list_ = workspace.write("lists/terms.csv", "id,Term,Also\na,alpha,alpha\n")
    workspace.write("lists/terms.yaml", "{scheme: 'urn:x', columns: {id: id, Term: prefLabel, Also: altLabel}}")
    before = list_.read_bytes()
    found = workspace.run("taxonomy", "check", str(list_))
    assert "error S13: 1" in found.out and "--fix" not in found.out
    fixed = workspace.run("taxonomy", "check", str(list_), "--fix")
    assert fixed.err.count("\n") == 1 and f"CSV lists are not fixed: edit {list_}" in fixed.err
    assert fixed.code == 1 and "--fix" not in fixed.out and list_.read_bytes() == before
    both = workspace.run("taxonomy", "check", str(list_), str(words))
    assert "(--fix does it, but not in CSV lists)" in both.out
    assert "(--fix does it)" in workspace.run("taxonomy", "check", str(words)).out


def test_the_rest_is_shown_when_asked_for(workspace):
    words = workspace.write("w.ttl", WORDS + "".join(f':c{n} skos:prefLabel "c{n}"@en .\n' for n in range(9)))
    few, all_ = (workspace.run("taxonomy", "check", str(words), *more).out for more in ([], ["--all"]))
    assert "(--all)" in few and "(--all)" not in all_ and all_.count("orphan") == 1
    assert len(all_.splitlines()) > len(few.splitlines())


@pytest.mark.parametrize(
    ("name", "text"), [("broken.ttl", "this is no Turtle"), ("words.docx", "PK"), ("gone.ttl", None), ("empty", "")]
)
def test_what_cannot_be_checked_is_told_on_one_line(workspace, name, text):
    path = workspace.folder / "files" / name
    path.parent.mkdir()
    if text:
        path.write_text(text)
    elif text == "":
        path.mkdir()
    done = workspace.run("taxonomy", "check", str(path))
    assert done.code == 2 and done.err.count("\n") == 1 and name in done.err


def test_a_term_list_becomes_turtle_and_back(workspace):
    columns = "{scheme: 'https://x.example/s', columns: {id: id, Term: prefLabel}}"
    list_ = workspace.write("terms.csv", "id,Term\na,alpha\nb,beta\n")
    workspace.write("terms.yaml", columns)
    turtle = workspace.folder / "out.ttl"
    assert workspace.run("taxonomy", "convert", str(list_), "-o", str(turtle)).code == 0
    assert 's:a a skos:Concept ;\n\tskos:inScheme <https://x.example/s> ;\n\tskos:prefLabel "alpha"@en .' in (
        turtle.read_text("utf-8")
    )
    again = workspace.run("taxonomy", "convert", str(list_), "-o", str(turtle))
    assert again.code == 2 and "--replace" in again.err
    workspace.write("back.yaml", columns)
    back = workspace.run("taxonomy", "convert", str(turtle), "-o", str(workspace.folder / "back.csv"))
    assert back.code == 0 and (workspace.folder / "back.csv").read_text() == list_.read_text()


def test_what_cannot_be_converted_is_told_on_one_line(workspace, words):
    for out in ("out.docx", "out.csv", "nowhere/out.ttl"):
        done = workspace.run("taxonomy", "convert", str(words), "-o", str(workspace.folder / out))
        assert done.code == 2 and done.err.count("\n") == 1 and out.split(".")[0] in done.err


def test_a_row_that_cannot_be_read_is_named(workspace):
    list_ = workspace.write("terms.csv", "Term\nalpha\nalpha\n")
    workspace.write("terms.yaml", "{scheme: 'https://x.example/s', columns: {Term: prefLabel}}")
    done = workspace.run("taxonomy", "check", str(list_))
    assert done.code == 2 and "terms.csv:3: the preferred label 'alpha' is that of line 2 too" in done.err


LEAVE, EXPENSES = "https://small.example/id/leave", "https://small.example/id/expenses"


def gold_line(identifier, *subject):
    return json.dumps({"identifier": identifier, "subject": subject}) + "\n"


def test_tags_are_compared_with_gold_tags(synced, tmp_path):
    lines = gold_line("people-handbook/leave.md", LEAVE) + "\n" + gold_line("people-handbook/gone.md", EXPENSES)
    gold = tmp_path / "gold.jsonl"
    gold.write_text(lines)
    done = synced.run("taxonomy", "evaluate", str(gold), "--as", "user:pat", "--json")
    report = json.loads(done.out)
    assert (report["metrics"]["Documents_evaluated"], report["left_out"]) == (1, 1)
    assert report["metrics"]["Recall_microavg"] == report["concepts"][LEAVE]["recall"] == 1
    shown = synced.run("taxonomy", "evaluate", str(gold), "--as", "user:pat")
    assert shown.code == 0 and "annual" in shown.out and "NDCG" in shown.out and "1 items are left out" in shown.err
    # Whoever may not read an item learns nothing of its tags.
    hidden = synced.run("taxonomy", "evaluate", str(gold), "--as", "user:carl")
    assert hidden.code == 0 and "nothing is measured" in hidden.out


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "gold.jsonl:1: not"),
        ('{"identifier": "a", "subject": "b"}', "gold.jsonl:1: identifier is a text"),
        ('{"identifier": "a", "subject": [1]}', "gold.jsonl:1: subject holds IRIs"),
        (gold_line("a", LEAVE) * 2, "gold.jsonl:2: a is tagged on a line before"),
        (gold_line("a", "https://small.example/id/no"), "https://small.example/id/no is no concept"),
    ],
)
def test_gold_tags_that_cannot_be_read_are_told_on_one_line(synced, tmp_path, text, problem):
    (tmp_path / "gold.jsonl").write_text(text)
    done = synced.run("taxonomy", "evaluate", str(tmp_path / "gold.jsonl"), "--as", "user:pat")
    assert done.code == 2 and done.err.count("\n") == 1 and problem in done.err
