import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord_taxonomy.labels import LabelIndex, LabelKind
from concord_taxonomy.skos import Concept, Label, Vocabulary


def index_of(*labels: str, **kinds: tuple[str, ...]) -> LabelIndex:
    """An index in which each label is of a concept of its own, named by the label."""
    concepts = [Concept(label, pref_label=(Label(label),)) for label in labels]
    concepts += [
        Concept(label, **{kind: (Label(label),)})  # type: ignore[arg-type]
        for kind, texts in kinds.items()
        for label in texts
    ]
    return LabelIndex(Vocabulary.build(concepts))


def words(index: LabelIndex, text: str, **options: bool) -> list[str]:
    return [match.words for match in index.find(text, **options)]


def test_the_longest_label_wins() -> None:
    index = index_of("leave", "annual leave", "annual leave carry-over", "carry")
    matches = index.find("Annual leave, annual leave carry over; leave to carry.")
    assert [match.concepts for match in matches] == [
        ("annual leave",),
        ("annual leave carry-over",),
        ("leave",),
        ("carry",),
    ]
    text = "Annual leave, annual leave carry over; leave to carry."
    assert [text[match.start : match.end] for match in matches] == [match.words for match in matches]


def test_a_prefix_of_a_label_is_no_match() -> None:
    assert words(index_of("annual leave carry-over", "leave"), "annual leave carry") == ["leave"]


@pytest.mark.parametrize(
    "text",
    [
        "line manager",
        "Line Managers",
        "line\nmanager",
        "LINE-MANAGER",
        "line  manager's",
        "_line_ **manager**",
        "line\u00admanager"[:4] + " man\u00adager",
        "> line\n> manager",
    ],
)
def test_spellings_of_a_label(text: str) -> None:
    assert len(index_of("line manager").find(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "deadline manager",
        "line management",
        "linemanager",
        "lines manager",
        "end of the line. Manager of",
        "| line | manager |",
        "line\n\nmanager",
        "- line\n- manager",
        "# line\n## manager",
    ],
)
def test_what_is_no_label(text: str) -> None:
    assert index_of("line manager").find(text) == []


def test_a_word_goes_on_with_its_vowel_signs() -> None:
    assert words(index_of("कल"), "कल और कला") == ["कल"]


@pytest.mark.parametrize("label", ["worker's rights", "workers’ rights"])
def test_possessives_of_one_or_many(label: str) -> None:
    found = words(index_of(label), "a worker's rights, workers' rights, workers’ rights, worker’s rights, work rights")
    assert found == ["worker's rights", "workers' rights", "workers’ rights", "worker’s rights"]


def test_an_elided_article_is_no_part_of_the_word() -> None:
    index = index_of("eau potable", "assurance", "azienda")
    text = "Qualité de l'eau potable. L’assurance maladie; dell'azienda."
    assert words(index, text) == ["eau potable", "assurance", "azienda"]
    assert words(index_of("L'Oréal"), "von L’ORÉAL") == ["L’ORÉAL"]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("label", ["ガイド", "サーバー", "ทำงาน", "ນ້ຳ", "İzin", "có thể", "한국"])
def test_the_unicode_form_makes_no_difference(label: str, form: str) -> None:
    assert len(index_of(label).find(unicodedata.normalize(form, f"x {label} y"))) == 1
    assert len(index_of(unicodedata.normalize(form, label)).find(f"x {label} y")) == 1


def test_short_acronyms_are_upper_case() -> None:
    index = index_of("IT", "PTO", "IT support", "SEV1")
    assert words(index, "Is it IT or pto or PTO, its PTOs, sev1, it support?") == [
        "IT",
        "PTO",
        "PTOs",
        "sev1",
        "it support",
    ]
    assert words(index, "how much pto, is it Pto", acronyms_in_any_case=True) == ["pto", "Pto"]
    assert words(index, "ASK US ABOUT IT AND PTO") == ["PTO"]
    assert words(index, "PTO?") == ["PTO"]


def test_kinds_and_homonyms() -> None:
    vocabulary = Vocabulary.build(
        [
            Concept("b", pref_label=(Label("incident"),), hidden_label=(Label("Incidents"),)),
            Concept("a", alt_label=(Label("Incident", "en"),)),
            Concept("c", pref_label=(Label("Incident (outage)"),)),
            Concept("d", alt_label=(Label("incident"),), deprecated=True),
            Concept("e", hidden_label=(Label("incident"),), deprecated=True, is_replaced_by=("b",)),
        ]
    )
    (match,) = LabelIndex(vocabulary).find("an incident")
    assert [(sense.iri, sense.kind) for sense in match.senses] == [
        ("b", LabelKind.PREFERRED),
        ("a", LabelKind.ALTERNATIVE),
        ("c", LabelKind.HIDDEN),
        ("e", LabelKind.HIDDEN),
    ]
    (qualified,) = LabelIndex(vocabulary).find("an incident (outage)")
    assert qualified.concepts == ("c",)
    assert LabelIndex(vocabulary).senses("Incident (outage)") == qualified.senses
    assert LabelIndex(vocabulary).senses("incident report") == ()


def test_labels_of_no_use_are_left_out() -> None:
    index = index_of("X", "2024", "–", "Go (game)")
    assert words(index, "X – 2024 go") == []
    assert index.find("") == []


label_words = st.sampled_from(["annual", "leave", "sick", "policy", "travel", "Café", "days"])
label_texts = st.lists(label_words, min_size=1, max_size=3).map(" ".join)


@given(st.lists(label_texts, min_size=1, max_size=6), st.lists(label_words, max_size=12))
def test_matches_are_as_a_search_by_brute_force(labels: list[str], text_words: list[str]) -> None:
    index = index_of(*dict.fromkeys(labels))
    known = {tuple(label.split()) for label in labels}
    expected, at = [], 0
    while at < len(text_words):
        sizes = [
            size for size in (3, 2, 1) if tuple(text_words[at : at + size]) in known and at + size <= len(text_words)
        ]
        expected += [" ".join(text_words[at : at + sizes[0]])] if sizes else []
        at += sizes[0] if sizes else 1
    text = " ".join(text_words)
    assert words(index, text) == expected
    decomposed = unicodedata.normalize("NFD", text)
    assert [unicodedata.normalize("NFC", found) for found in words(index, decomposed)] == expected


@given(st.text(alphabet="leave policiesPTO'’-_.\n\u0301", max_size=60))
def test_any_text_gives_ordered_spans(text: str) -> None:
    index, end = index_of("leave", "policy", "PTO", "leave policy"), 0
    for match in index.find(text):
        assert end <= match.start < match.end <= len(text)
        assert text[match.start : match.end] == match.words
        end = match.end


@pytest.mark.parametrize(
    ("label", "text", "found"),
    [
        ("年次休暇", "社員は年次休暇を取得できる。", ["年次休暇"]),
        ("病假", "员工可以请病假。", ["病假"]),
        ("ลาพักร้อน", "พนักงานลาพักร้อนได้", ["ลาพักร้อน"]),
        ("テレワーク", "テレワーク規程とテレ", ["テレワーク"]),
        ("휴가", "휴가 규정", ["휴가"]),
        ("年次休暇", "年次の休暇", []),
    ],
)
def test_scripts_without_spaces_are_matched_character_by_character(label: str, text: str, found: list[str]) -> None:
    index = LabelIndex(Vocabulary.build([Concept("https://x.org/leave", pref_label=(Label(label),))]))
    assert [match.words for match in index.find(text)] == found


def test_the_longest_label_wins_in_a_script_without_spaces() -> None:
    concepts = [Concept(f"https://x.org/{n}", pref_label=(Label(text),)) for n, text in enumerate(("休暇", "年次休暇"))]
    assert [match.concepts for match in LabelIndex(Vocabulary.build(concepts)).find("年次休暇と休暇")] == [
        ("https://x.org/1",),
        ("https://x.org/0",),
    ]


def test_acronyms_of_full_width_are_acronyms() -> None:
    concepts = [
        Concept("https://x.org/a", pref_label=(Label("PTO"),)),
        Concept("https://x.org/b", pref_label=(Label("ＨＲ"),)),
    ]
    found = LabelIndex(Vocabulary.build(concepts)).find("Ask ＰＴＯ of HR, not of hr")
    assert [match.words for match in found] == ["ＰＴＯ", "HR"]
