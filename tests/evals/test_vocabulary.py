"""Recall with and without expansion: what is counted, how sure it is, and one run over a small workspace."""

import json
import math

import pytest

from concord_evals.statistics import bootstrap, mcnemar
from concord_evals.vocabulary import Found, main, recall


def found(plain, expanded):
    return Found("q", "?", plain, expanded, ())


def test_recall_counts_every_question_both_ways():
    result = recall([found(1, 6), found(None, 2), found(9, 5), found(None, None)], at=5)
    assert (result["plain"]["found"], result["expanded"]["found"]) == (1, 2)
    assert (result["plain"]["recall"], result["expanded"]["recall"]) == (0.25, 0.5)
    assert (result["gained"], result["lost"]) == (2, 1)
    assert recall([found(1, 6), found(None, 2)], at=10)["plain"]["found"] == 1


def test_an_interval_holds_the_mean_and_narrows_with_more_questions():
    few, many = bootstrap([0, 1] * 10), bootstrap([0, 1] * 500)
    assert few[0] < 0.5 < few[1]
    assert many[1] - many[0] < few[1] - few[0]
    assert bootstrap([1, 1, 1]) == (1.0, 1.0)
    assert bootstrap([]) == (0.0, 0.0)


def test_mcnemar_is_exact():
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(6, 0) == mcnemar(0, 6) == pytest.approx(2 / 64)
    assert mcnemar(5, 2) == pytest.approx(2 * sum(math.comb(7, k) for k in range(3)) / 128)
    assert mcnemar(3, 3) == 1.0


def test_a_run_over_a_workspace(synced_words, tmp_path, capsys):
    questions = tmp_path / "questions.jsonl"
    asked = {"id": "a", "question": "How much furlough do I get?", "principal": "user:pat", "evidence": ["hr/leave.md"]}
    nobody = {"id": "b", "question": "Who?", "principal": "user:pat", "expect": "abstain"}
    questions.write_text("".join(json.dumps(each) + "\n" for each in (asked, nobody)), "utf-8")
    main([str(synced_words), str(questions), "--json"])
    result = json.loads(capsys.readouterr().out)
    assert (result["questions"], result["expanded"]["recall"]) == (1, 1.0)
    [rank] = result["ranks"]
    assert (rank["expanded"], rank["terms"]) == (1, ["annual leave"])
    assert rank["plain"] in (1, 2)
    main([str(synced_words), str(questions)])
    assert "recall@5 with expansion" in capsys.readouterr().out


def test_questions_without_a_page_are_told_of(tmp_path, capsys):
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": "b", "question": "Who?", "principal": "user:pat", "expect": "abstain"}\n', encoding="utf-8"
    )
    with pytest.raises(SystemExit):
        main([str(tmp_path), str(questions)])
    assert "no question names a page" in capsys.readouterr().err
