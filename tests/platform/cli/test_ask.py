"""`concord ask`: a cited answer, bad input on one line, and nothing of what one may not read."""

import json

import pytest

from concord.bootstrap import Concord
from concord.catalog.engine import reading
from concord.catalog.traces import load_trace

SECRET = "zanzibar"
ASKED = "How many days of annual leave does everyone receive?"
CLOSED = "The Zanzibar office closes in June: how many days of annual leave for everyone in it?"


@pytest.fixture(autouse=True)
def _however_sure_and_without_traces(monkeypatch):
    """The stand-in for a model knows nothing of meaning, and the workspace that tests share is for reading only."""
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")
    monkeypatch.setenv("CONCORD_TRACES__RETENTION_DAYS", "0")


@pytest.fixture
def traced(synced_copy, monkeypatch):
    """A workspace of one's own that keeps traces, its index built."""
    monkeypatch.delenv("CONCORD_TRACES__RETENTION_DAYS")
    assert synced_copy.run("sync").code == 0
    return synced_copy


def ask(workspace, question, who, *arguments):
    done = workspace.run("ask", question, "--as", who, "--json", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_an_answer_for_a_person(synced):
    done = synced.run("ask", ASKED, "--as", "pat")
    assert done.code == 0 and not done.err
    assert done.out.startswith("Everyone receives 27 days of annual leave a year. [1]\n")
    assert "[1] Annual leave — People, policy, approved, 2026-02-01, owner user:ann" in done.out
    assert "people-handbook/leave.md@1" in done.out


def test_the_trace_shows_what_was_searched_for(synced):
    done = synced.run("ask", "How much holiday is there?", "--as", "pat", "--trace")
    assert done.code == 0 and not done.err
    told = done.out[done.out.index("Searched for\n") :].splitlines()
    assert told[1] == "  “holiday”: annual leave, also as annual leave"
    assert told[-2].startswith("Confidence ") and "expand " in told[-2] and told[-1].startswith("Trace ")
    other = synced.run("ask", "Who xyzzy?", "--as", "pat", "--trace")
    assert "No word of the question is in the vocabulary." in other.out
    assert "Searched for" not in synced.run("ask", "How much holiday is there?", "--as", "pat").out


def test_an_answer_as_json(synced):
    answer = ask(synced, ASKED, "pat")
    assert answer.keys() == {
        "answer",
        "abstained",
        "reason",
        "as_of",
        "citations",
        "conflicts",
        "ambiguous",
        "by_scope",
        "asked",
        "composed_by",
        "fallback",
        "policy_version",
        "trace_id",
        "timings_ms",
    }
    assert answer["citations"][0]["identifier"] == "people-handbook/leave.md"
    assert not answer["abstained"] and answer["answer"].endswith("[1]")


def test_space_around_a_question_is_no_part_of_it(synced):
    first, second = ask(synced, ASKED, "pat"), ask(synced, f"\n  {ASKED}\t", "pat")
    assert first["answer"] == second["answer"]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_abstention_is_no_error(synced, form, monkeypatch):
    monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "1")
    weak = synced.run("ask", "Where may bicycles stand?", "--as", "pat", *form)
    nothing = synced.run("ask", ASKED, "--as", "carl", *form)
    assert weak.code == nothing.code == 0
    if form:
        assert json.loads(weak.out)["reason"] == "weak_evidence" and json.loads(nothing.out)["reason"] == "no_evidence"
    else:
        assert weak.out == "No answer. What you may read is not close enough to your question to answer it.\n"
        assert nothing.out == "No answer. Nothing that you may read is about this.\n"


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["", "--as", "pat"], "the question is empty"),
        ([" \n\t ", "--as", "pat"], "the question is empty"),
        (["x" * 2001, "--as", "pat"], "has 2,001 characters, at most 2,000"),
        ([ASKED, "--as", "mallory"], "no user 'mallory' in principals.yaml"),
        ([ASKED, "--as", "group:people"], "no user 'group:people'"),
        ([ASKED], "who is asking?"),
        ([ASKED, "--as", "pat", "--use-case", "no-such"], "no use case 'no-such' for you; yours are: ask-people"),
        (["--as", "pat"], "Missing argument"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_bad_input_is_told_on_one_line(synced, command, arguments, told, form):
    done = synced.run(command, *arguments, *form)
    assert done.code == 2 and not done.out
    assert told in done.err and done.err.startswith("concord: ") and done.err.count("\n") == 1


def test_the_longest_question_is_answered(synced):
    assert "citations" in ask(synced, "leave " * 333 + "xx", "pat")


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_forbidden_use_case_is_like_one_that_does_not_exist(synced, command):
    forbidden = synced.run(command, ASKED, "--as", "carl", "--use-case", "ask-people")
    unknown = synced.run(command, ASKED, "--as", "carl", "--use-case", "ask-nobody")
    assert forbidden.code == unknown.code == 2
    assert forbidden.err.replace("ask-people", "ask-nobody") == unknown.err
    assert "yours are: none" in unknown.err


def test_a_use_case_keeps_to_its_sources(synced):
    assert ask(synced, "How much are hotels a night?", "fay")["citations"][0]["source"] == "finance-policies"
    inside = ask(synced, "How much are hotels a night?", "fay", "--use-case", "ask-people")
    assert all(citation["source"] == "people-handbook" for citation in inside["citations"])


@pytest.mark.parametrize("who", ["pat", "fay", "carl"])
@pytest.mark.parametrize("form", [[], ["--json"], ["--use-case", "ask-people"]])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_nothing_of_a_hidden_document_is_shown(synced, command, form, who):
    question = CLOSED.replace("Zanzibar ", "")
    done = synced.run(command, question, "--as", who, *form)
    assert SECRET not in done.everything and "restricted" not in done.everything and "40 days" not in done.everything


@pytest.mark.parametrize("who", ["pat", "carl"])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_nothing_is_shown_to_someone_who_knows_its_name(synced, command, who):
    done = synced.run(command, "Zanzibar", "--as", who, "--json")
    assert SECRET not in done.everything


def test_who_may_read_it_gets_it(synced_copy):
    synced_copy.run("sync")  # the copy's index is built anew
    found = json.loads(synced_copy.run("search", CLOSED, "--as", "ann", "--json").out)
    assert "people-handbook/restricted/zanzibar.md" in [each["identifier"] for each in found]
    # For those who may read both, the page that replaces it stands for it.
    synced_copy.replace("content/people/bonus.md", "replaces: restricted/zanzibar.md", "other: value")
    assert synced_copy.run("sync").code == 0
    answer = ask(synced_copy, CLOSED, "ann")
    assert "people-handbook/restricted/zanzibar.md" in [each["identifier"] for each in answer["citations"]]


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("who", ["pat", "carl"])
def test_with_and_without_the_hidden_document_everything_printed_is_equal(synced_copy, command, who):
    """No count and no score tells that there is something; trace ids and timings apart."""

    def printed():
        done = synced_copy.run(command, CLOSED, "--as", who, "--json")
        data = json.loads(done.out)
        for name in ("trace_id", "timings_ms") if command == "ask" else ():
            data.pop(name)
        return data, done.err

    synced_copy.run("sync")
    before = printed()
    synced_copy.remove("content/people/restricted/zanzibar.md")
    assert synced_copy.run("sync").code == 0
    assert printed() == before


def test_a_trace_is_kept_with_its_stages_and_evidence(traced):
    answer = ask(traced, CLOSED, "pat", "--use-case", "ask-people")
    concord = Concord.open(traced.folder)
    with reading(concord.engine) as connection:
        trace = load_trace(connection, answer["trace_id"], "pat")
        assert load_trace(connection, answer["trace_id"], "ann") is None
    concord.close()
    assert (trace.question, trace.principal, trace.use_case) == (CLOSED, "pat", "ask-people")
    assert [stage.name for stage in trace.stages] == ["expand", "embed", "search", "rank", "decide", "compose"]
    assert trace.evidence and trace.policy_version == answer["policy_version"]
    assert [each.identifier for each in trace.citations] == [each["identifier"] for each in answer["citations"]]
    told = trace.model_copy(update={"question": ""}).to_json().lower()
    assert SECRET not in told and "40 days" not in told


def test_a_search_leaves_no_trace(traced, dump):
    assert traced.run("search", ASKED, "--as", "pat").code == 0
    assert dump(traced)["traces"] == []
    assert traced.run("ask", ASKED, "--as", "pat").code == 0
    assert len(dump(traced)["traces"]) == 1


def test_control_characters_of_documents_reach_no_terminal(synced_copy):
    synced_copy.write("content/people/bell.md", "# Bell\x1b]0;owned\x07\n\nRing the bell\x1b[2J twice a week.\n")
    synced_copy.write("content/people/turned.md", "# Turned\n\nThe bell \u202egnir\u202c is rung twice a week.\n")
    assert synced_copy.run("sync").code == 0
    for command in ("ask", "search"):
        out = synced_copy.run(command, "Ring the bell twice a week", "--as", "pat").out
        assert "\x1b" not in out and "\x07" not in out and "\u202e" not in out


def test_before_anything_is_applied_it_says_what_to_do(workspace):
    done = workspace.run("ask", ASKED, "--as", "pat")
    assert done.code == 2 and done.err == "concord: nothing is applied yet: run `concord apply`\n"


def test_before_anything_is_synced_there_is_no_evidence(workspace):
    workspace.run("apply")
    assert ask(workspace, ASKED, "pat")["reason"] == "no_evidence"


def test_personas_are_for_development_only(synced_copy):
    synced_copy.write("concord.yaml", "auth: oidc\nembedding: {runtime: hashing}\n")
    done = synced_copy.run("ask", ASKED, "--as", "ann")
    assert done.code == 2 and not done.out and "auth: development" in done.err


def test_on_a_terminal_an_answer_is_shown_as_it_comes(synced, monkeypatch):
    piped = synced.run("ask", ASKED, "--as", "pat")
    monkeypatch.setattr("concord.cli.ask.on_terminal", lambda: True)
    shown = synced.run("ask", ASKED, "--as", "pat")
    assert (shown.code, shown.out) == (piped.code, piped.out)
