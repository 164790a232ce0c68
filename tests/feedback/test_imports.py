import pytest

from concord_feedback.errors import CorrectionsError
from concord_feedback.imports import MAX_LINES, parse_corrections

HEAD = "trace,principal,question,use_case,reason,comment,right_answer,evidence\n"


def test_lines_are_about_an_answer_or_a_question():
    text = (
        "\ufeff" + HEAD + 't1,,,,outdated,old,"27 days, not 25",p/a.md@2; p/b.md\n,user:ann,How many?,ask,missing,,,\n'
    )
    found = parse_corrections(text.encode())
    (one, two), numbers = found.values(), list(found)
    assert numbers == [2, 3]
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
        ("trace,reason,\nt1,wrong,\n", "line 1: no column ''"),
        ("trace,principal,reason,principal\nt1,ann,wrong,pat\n", "line 1: the column 'principal' is there twice"),
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
        parse_corrections(text.encode())


def test_who_is_nobody_is_told_of_with_every_other_wrong_line():
    text = HEAD + "t1,user:ann,,,wrong,,,\nt2,zoe,,,wrong,,,\nt3,,,,late,,,\nt4,yan,,,wrong,,,\n"
    with pytest.raises(CorrectionsError) as told:
        parse_corrections(text.encode(), known=lambda who: who == "user:ann")
    assert [each.place for each in told.value.problems] == ["line 3, principal", "line 4, reason", "line 5, principal"]


def test_a_file_in_another_encoding_is_refused_with_the_place():
    with pytest.raises(CorrectionsError, match="byte 9: it is not UTF-8"):
        parse_corrections(b"trace,zo\xeb\n")


def test_a_file_is_too_long_by_its_lines_and_not_by_what_is_wrong_with_them():
    with pytest.raises(CorrectionsError) as raised:
        parse_corrections((HEAD + ",,,,late,,,\n" * MAX_LINES).encode())
    assert len(raised.value.problems) >= MAX_LINES and "at most" not in str(raised.value)


def test_lines_that_are_wrong_and_lines_that_lack_something_are_told_of_at_once_in_order():
    text = HEAD + "t1,,,,wrong,,,\nt2,,,,bad,,,\nt3,ghost,,,wrong,,,\nt4,,,,wrong,x\nt5,,,,wrong,,,\n"
    known = {"known": lambda who: who != "ghost", "lacking": lambda lines: {n: "no trace" for n in lines if n > 2}}
    with pytest.raises(CorrectionsError) as told:
        parse_corrections(text.encode(), **known)
    assert [each.place for each in told.value.problems] == ["line 3, reason", "line 4, principal", "line 5", "line 6"]
