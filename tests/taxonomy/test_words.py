from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.words import fold, key, normal, parted, tokens

MEET = """policy/policies process/processes expense/expenses cache/caches batch/batches tax/taxes bus/buses use/uses
    status/statuses leave/leaves case/cases wage/wages address/addresses business/businesses laptop/laptops box/boxes
    diary/diaries service/services employee/employees movie/movies"""
STAY_APART = """custom/customs new/news employee/employer employee/employment plan/plane organ/organisation gas/ga
    policy/police analysis/analyst good/goods will/wills thin/thing leave/leaver it/its contract/contractor"""


@pytest.mark.parametrize("pair", MEET.split())
def test_singular_and_plural_meet(pair: str) -> None:
    one, many = pair.split("/")
    assert fold(one) == fold(many)


@pytest.mark.parametrize("pair", STAY_APART.split())
def test_other_words_stay_apart(pair: str) -> None:
    one, other = pair.split("/")
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The employee's _annual_ leave", ["the", "employee", "annual", "leave"]),
        ("don’t carry-over café", ["don't", "carry", "over", "café"]),
        ("cafe\u0301 reim\u00adburse ﬁle STRASSE Straße", ["café", "reimburse", "file", "strasse", "strasse"]),
        ("a_b 24/7 (P45)", ["a", "b", "24", "7", "p45"]),
        ("'quoted' “words”", ["quoted", "words"]),
        ("कला कल हिन्दी में", ["कला", "कल", "हिन्दी", "में"]),
        ("தமிழ் l’e\u0301tat ❤\ufe0f", ["தமிழ்", "l'état"]),
        (
            "l'eau d’Orsay dell'azienda qu'il D's don't L'ÉCOLE",
            ["l", "eau", "d", "orsay", "dell", "azienda", "qu", "il", "d", "don't", "l", "école"],
        ),
        ("カ\u3099イト\u3099 ｻｰﾊﾞｰ", [*"ガイド", *"サーバー"]),
        ("น้ำ น้ํา", ["น", "้", "\u0e4d\u0e32"] * 2),
        ("İZİN İzin обʼєкт об'єкт", ["izin", "izin", "об'єкт", "об'єкт"]),
        ("有給休暇 отпуск", [*"有給休暇", "отпуск"]),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert [normal(match[0]) for match in tokens(text)] == words


@given(st.text())
def test_words_are_in_normal_form_and_in_place(text: str) -> None:
    end = 0
    for match in tokens(text):
        assert match.start() >= end
        assert text[match.start() : match.end()] == match[0]
        end = match.end()
    assert key(text) == key(text.upper().lower()) or not text.isascii()


@given(st.text(alphabet="abcdeisxyz", min_size=1, max_size=8))
def test_folding_keeps_three_letters_and_the_beginning(word: str) -> None:
    folded = fold(word)
    assert len(folded) >= min(3, len(word))
    assert word.startswith(folded[:-1])


@given(st.text(st.sampled_from("ab Z9_'’‘“–£€•\xa0\xad\u0301é\n\r\u2028.-•"), max_size=40))
def test_a_text_is_parted_as_its_words_are_found(text: str) -> None:
    words, gaps = parted(text)
    found = list(tokens(text))
    assert [normal(word) for word in words] == [normal(each[0]) for each in found]
    ends = list(accumulate(len(gap) + len(word) for gap, word in zip(gaps, words, strict=False)))
    assert ends == [each.end() for each in found]
    assert sum(map(len, gaps)) + sum(map(len, words)) == len(text)
