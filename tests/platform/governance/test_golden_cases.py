"""The questions of fixed cases in a file that people edit too."""

from datetime import UTC, datetime

import pytest

from concord.governance.cases.golden import CASES_FILE, keep_questions
from concord_feedback import parse_questions
from concord_feedback.cases import Report

ASKED = "How many days of annual leave does everyone receive?"


def report(question=ASKED, right="28 days", who="pat"):
    return Report("correction/1", "correction", datetime.now(UTC), question, who, right_answer=right)


def held(folder):
    return parse_questions((folder / CASES_FILE).read_text("utf-8"))


def kept(folder, *made, case=7):
    return keep_questions(folder, case, made)


def written(folder, text):
    file = folder / CASES_FILE
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_question_has_the_evidence_of_the_newest_fix(tmp_path):
    for evidence in ("a/leave.md@3..", "a/other.md@1.."):
        assert kept(tmp_path, (report(), [evidence])) == []
    (only,) = held(tmp_path)
    assert (only.id, only.evidence, only.reference) == ("case-7-1", ("a/other.md@1..",), "28 days")
    before = (tmp_path / CASES_FILE).stat().st_mtime_ns
    kept(tmp_path, (report(), ["a/other.md@1.."]))
    assert (tmp_path / CASES_FILE).stat().st_mtime_ns == before


def test_what_somebody_added_to_a_question_stays_where_its_evidence_is_renewed(tmp_path):
    kept(tmp_path, (report(), ["a/leave.md@3.."]))
    (only,) = held(tmp_path)
    mine = only.model_copy(update={"values": ("28 days",), "group": "staff"})
    written(tmp_path, mine.model_dump_json(exclude_defaults=True) + "\n")
    kept(tmp_path, (report(), ["a/leave.md@5.."]))
    assert held(tmp_path) == [mine.model_copy(update={"evidence": ("a/leave.md@5..",)})]


def test_reports_in_another_order_keep_their_questions_apart(tmp_path):
    first, second = report(), report("How many days are carried over?", "5 days", "fay")
    kept(tmp_path, (first, ["a/leave.md@1.."]))
    kept(tmp_path, (second, ["a/carry.md@1.."]), (first, ["a/leave.md@2.."]))
    assert {each.id: (each.question, each.evidence) for each in held(tmp_path)} == {
        "case-7-1": (ASKED, ("a/leave.md@2..",)),
        "case-7-2": (second.question, ("a/carry.md@1..",)),
    }


def test_an_entry_of_the_same_name_that_somebody_wrote_is_not_overwritten(tmp_path):
    mine = '{"id": "case-7-1", "question": "Mine?", "principal": "user:pat", "reference": "yes"}\n'
    written(tmp_path, mine)
    kept(tmp_path, (report(), ["a/leave.md@1.."]))
    assert (tmp_path / CASES_FILE).read_text("utf-8").startswith(mine)
    assert [each.id for each in held(tmp_path)] == ["case-7-1", "case-7-2"]


@pytest.mark.parametrize("wrong", [b'{"id": "case-7-1", "question": ', b"\xff\xfe no text", b"[1, 2]", b"{}"])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_that_cannot_be_read_stays_as_it_is_and_is_named(tmp_path, wrong, end):
    file = written(tmp_path, b"\n" + wrong + end)
    assert kept(tmp_path, (report(), ["a/leave.md@1.."])) == [2]
    lines = file.read_bytes().split(b"\n")
    assert lines[:2] == [b"", wrong] and len(lines) == 4 and lines[3] == b""
    (made,) = parse_questions(lines[2].decode())
    assert made.evidence == ("a/leave.md@1..",) and made.id.encode() not in wrong
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_report_with_nothing_to_compare_is_no_question(tmp_path):
    kept(tmp_path, (report(right=""), []), (report(who=None), ["a/leave.md@1.."]))
    assert not (tmp_path / CASES_FILE).exists()
