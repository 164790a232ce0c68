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
