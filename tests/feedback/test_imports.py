import pytest

from concord_feedback.errors import CorrectionsError
from concord_feedback.imports import MAX_LINES, parse_corrections

HEAD = "trace,principal,question,use_case,reason,comment,right_answer,evidence\n"


def test_lines_are_about_an_answer_or_a_question():
    text = (
        "\ufeff" + HEAD + 't1,,,,outdated,old,"27 days, not 25",p/a.md@2; p/b.md\n,user:ann,How many?,ask,missing,,,\n'
    )
    one, two = parse_corrections(text)
    assert (one.trace, one.rating().right_answer, one.rating().evidence) == (
        "t1",
        "27 days, not 25",
        ("p/a.md@2", "p/b.md"),
    )
    assert (two.principal, two.question, two.use_case) == ("user:ann", "How many?", "ask")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: there is no head line: the columns are trace, principal"),
        ("trace,why\n", "line 1: no column 'why'"),
        (HEAD + "t1,,,,,x,,\n", "line 2, reason: this is needed"),
        (HEAD + "t1,,,,bad,x,,\n", "line 2, reason"),
        (HEAD + ",,,,wrong,x,,\n", "line 2: give the trace of an answer, or a question"),
        (HEAD + "t1,,Q?,,wrong,x,,\n", "line 2: give the trace of an answer, or a question"),
        (HEAD + "t1,,,,wrong,x\n", "line 2: it has another number of cells"),
        (HEAD + "t1,,,,wrong,x,,,,\n", "line 2: it has another number of cells"),
        (HEAD + 't1,,,,wrong,"x,,\n', "unexpected end of data"),
        (HEAD + "t1,,,,wrong,,," + ";".join(["p"] * 30) + "\n", "line 2"),
        (HEAD + "t1,,,,wrong,,,\n" * (MAX_LINES + 1), "at most 10,000"),
    ],
)
def test_every_wrong_line_is_named(text, told):
    with pytest.raises(CorrectionsError, match=told):
        parse_corrections(text)
