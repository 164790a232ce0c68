"""`concord taxonomy align`: proposals for files and workspaces, decisions, and nothing of what one may not read."""

import json

import pytest

from concord.bootstrap import Concord
from concord.catalog.audit import events
from concord.catalog.engine import reading

PREFIXES = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix s: <https://small.example/id/> .
@prefix p: <https://small.example/people/> .
"""
PEOPLE = (
    PREFIXES
    + """\
p:people a skos:ConceptScheme ; dcterms:publisher "People" .
p:holidays a skos:Concept ; skos:prefLabel "holidays"@en ; skos:inScheme p:people .
p:relocation a skos:Concept ; skos:prefLabel "relocation"@en ; skos:definition "Expenses of moving."@en ;
    skos:inScheme p:people .
p:forty a skos:Concept ; skos:prefLabel "Zanzibar office"@en ; skos:inScheme p:people .
"""
)
HOLIDAYS, LEAVE = "https://small.example/people/holidays", "https://small.example/id/leave"
FORTY = "https://small.example/people/forty"


@pytest.fixture
def aligned(make_workspace):
    """A workspace whose People have words of their own."""
    return make_workspace({"taxonomy/people.ttl": PEOPLE}).ready()


def align(workspace, *arguments):
    done = workspace.run("taxonomy", "align", "people", "shared", "--json", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def pairs(made):
    return {(each["left"]["iri"], each["right"]["iri"]) for each in made["proposals"]}


def test_proposals_as_json(aligned):
    made = align(aligned, "--min-score", "0")
    assert made.keys() == {"left", "right", "proposals", "homonyms", "mapped", "accepted", "rejected"}
    [best] = [each for each in made["proposals"] if each["left"]["iri"] == HOLIDAYS and each["right"]["iri"] == LEAVE]
    assert best.keys() == {"left", "right", "relation", "score", "evidence"}
    assert best["relation"] == "closeMatch" and 0 <= best["score"] <= 1
    assert best["left"] == {"iri": HOLIDAYS, "label": "holidays", "department": "People", "definition": None}
    assert best["evidence"]["label"] == 0.9 and best["evidence"]["items"] is None
    assert best["evidence"]["embedding"] is not None
    assert "embedding" in best["evidence"]
    bare = align(aligned, "--min-score", "0", "--no-embeddings")
    assert {each["evidence"]["embedding"] for each in bare["proposals"]} == {None}


def test_the_order_of_the_schemes_mirrors_the_proposals(aligned):
    done = aligned.run("taxonomy", "align", "shared", "people", "--json", "--min-score", "0")
    mirrored = json.loads(done.out)
    assert {pair[::-1] for pair in pairs(mirrored)} == pairs(align(aligned, "--min-score", "0"))


def test_an_accepted_pair_is_in_force_audited_and_not_proposed_again(aligned):
    done = aligned.run(
        *("taxonomy", "align", "People", "Small", "--accept", "holidays", LEAVE, "--relation", "exactMatch"),
        *("--why", "one rule for both", "--as", "ann"),
    )
    assert done.code == 0, done.err
    assert "written  taxonomy/alignments.ttl" in done.out
    text = (aligned.folder / "taxonomy/alignments.ttl").read_text("utf-8")
    assert 'sssom:author_label "user:ann"' in text and "one rule for both" in text
    concord = Concord.open(aligned.folder)
    try:
        assert concord.foundation.vocabulary.shared(HOLIDAYS) == (LEAVE,)
        assert not concord.files_differ()
        with reading(concord.engine) as connection:
            assert [each.actor for each in events(connection) if "taxonomy/alignments.ttl" in str(each.data)]
    finally:
        concord.close()
    made = align(aligned, "--min-score", "0")
    assert (HOLIDAYS, LEAVE) not in pairs(made) and made["accepted"] == 1


def test_a_rejected_pair_is_not_proposed_again_until_it_is_accepted(aligned):
    reject = ("taxonomy", "align", "people", "shared", "--reject", "holidays", "leave", "--as", "ann", "--json")
    assert aligned.run(*reject).code == 0
    made = align(aligned, "--min-score", "0")
    assert (HOLIDAYS, LEAVE) not in pairs(made) and (made["accepted"], made["rejected"]) == (0, 1)
    accept = ("taxonomy", "align", "shared", "people", "--accept", "annual leave", "holidays", "--as", "pat")
    assert aligned.run(*accept).code == 0
    made = align(aligned)
    assert (made["accepted"], made["rejected"]) == (1, 0)


def test_both_commands_record_in_one_file_and_decisions_on_other_pairs_are_no_obstacle(aligned):
    aligned.write(
        "concord.yaml",
        "name: Small\nembedding: {runtime: hashing}\nindex: {idle_seconds: 20}\n"
        "governance: {mode: governed, approvers: ['user:ann', 'user:pat']}\n",
    )
    by = ("--as", "ann", "--why", "agreed", "--json")
    accept = ("taxonomy", "align", "people", "shared", "--accept", "holidays", "leave")
    proposed = [aligned.run(*accept, *by), aligned.run("taxonomy", "propose", "align", FORTY, "none", LEAVE, *by)]
    for number in [json.loads(done.out)["proposals"][0]["id"] for done in proposed]:
        done = aligned.run("proposals", "approve", str(number), "--as", "pat")
        assert done.code == 0 and "taxonomy/alignments.ttl" in done.out, done.err
    made = align(aligned)
    assert (made["accepted"], made["rejected"]) == (1, 1)
    assert (aligned.folder / "taxonomy/people.ttl").read_text("utf-8") == PEOPLE


def test_items_are_evidence_as_far_as_the_asker_may_read_them(aligned):
    def items(who):
        made = align(aligned, "--min-score", "0", "--as", who)
        return {
            each["left"]["iri"]: each["evidence"]["items"]
            for each in made["proposals"]
            if each["right"]["iri"] == LEAVE
        }

    # Only People's leads may read the page about the Zanzibar office.
    page = "# Annual leave of the Zanzibar office\n\nNobody knows of it yet.\n"
    aligned.write("content/people/restricted/zanzibar.md", page)
    assert aligned.run("sync").code == 0
    assert items("ann")[FORTY] == pytest.approx(1 / 2, abs=0.2)
    assert items("pat").get(FORTY) is None  # nothing in common by itself: it is not even proposed
    assert items("pat")[HOLIDAYS] is not None
    assert set(items("carl").values()) == {None}


def test_homonyms_are_conflicts_for_a_person(aligned):
    aligned.write(
        "taxonomy/finance.ttl",
        PREFIXES
        + """\
@prefix f: <https://small.example/finance/> .
f:finance a skos:ConceptScheme ; dcterms:publisher "Finance" .
f:holidays a skos:Concept ; skos:prefLabel "holidays"@en ; skos:definition "Months without instalments."@en ;
    skos:broadMatch s:expenses ; skos:inScheme f:finance .
""",
    )
    aligned.replace("taxonomy/people.ttl", '"holidays"@en ;', '"holidays"@en ; skos:closeMatch s:leave ;')
    assert aligned.run("apply").code == 0
    done = aligned.run("taxonomy", "align", "People", "Finance")
    assert done.code == 0, done.err
    assert "conflict: “holidays” means two things (mapped to different shared concepts)" in done.out
    assert "holidays (Finance) <https://small.example/finance/holidays>: Months without instalments." in done.out
    assert "0 proposals, 1 homonyms" in done.out


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Two files outside of any workspace."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "people.ttl").write_text(PEOPLE, "utf-8")
    leave = 's:leave a skos:Concept ; skos:prefLabel "holiday"@en ; skos:inScheme s:small .\n'
    shared = f"s:small a skos:ConceptScheme .\n{leave}"
    (folder / "others.ttl").write_text(PREFIXES + shared, "utf-8")
    return folder


def run(*arguments):
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    from concord.cli.main import run as command

    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = command(["taxonomy", "align", *map(str, arguments)])
    return code, out.getvalue(), err.getvalue()


def test_files_alone_keep_their_decisions_in_a_file_beside_them(files):
    sides = (files / "people.ttl", files / "others.ttl", "--no-embeddings")
    code, out, _ = run(*sides)
    assert code == 0 and "closeMatch" in out and HOLIDAYS in out
    code, _, err = run(*sides, "--reject", "holidays", "holiday", "--why", "no", "--as", "ann")
    assert code == 0 and "alignments.ttl is written" in err
    code, out, _ = run(*sides)
    assert code == 0 and "0 proposals" in out and "1 rejected" in out
    other = files / "other.ttl"
    assert run(*sides, "--accept", HOLIDAYS, LEAVE, "--as", "ann", "--decisions", other)[0] == 0
    assert "skos:closeMatch" in other.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["people.ttl", "nowhere"], "'nowhere' is no file, and there is no workspace here"),
        (["people.ttl", "people.ttl"], "is the first one again"),
        ([".", "others.ttl"], "'.' does not hold one scheme"),
        (["people.ttl", "others.ttl", "--accept", "nothing", "holiday", "--as", "ann"], "no concept 'nothing'"),
        (["people.ttl", "others.ttl", "--accept", "holidays", "holiday"], "who is asking?"),
        (
            ["people.ttl", "others.ttl", "--accept", "holidays", "holiday", "--relation", "same", "--as", "ann"],
            "no relation 'same': one of exactMatch, closeMatch",
        ),
        (
            ["people.ttl", "others.ttl", "--accept", "holidays", "holiday", "--reject", "relocation", "holiday"],
            "one decision at a time",
        ),
    ],
)
def test_bad_input_is_told_of_on_one_line(files, monkeypatch, arguments, told):
    monkeypatch.chdir(files)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and told in err and err.count("\n") == 1


def test_a_file_that_says_more_than_decisions_is_not_written_over(files):
    file = files / "alignments.ttl"
    file.write_text(PREFIXES + 's:x skos:prefLabel "kept"@en .\n', "utf-8")
    before = file.read_text("utf-8")
    code, _, err = run(
        files / "people.ttl", files / "others.ttl", "--accept", "holidays", "holiday", "--as", "ann", "--no-embeddings"
    )
    assert code == 2 and "holds more than decisions" in err
    assert file.read_text("utf-8") == before


def test_a_workspace_that_does_not_know_the_scheme_names_those_it_has(aligned):
    done = aligned.run("taxonomy", "align", "people", "nowhere")
    assert done.code == 2 and "'nowhere' is neither a file nor a scheme here: name one of People, Small" in done.err
