from concord.authority.concepts import Mention, VocabularyMatcher, mentions, no_concepts, only_itself

BASE = "https://x.example/id/"


def concepts(matcher: VocabularyMatcher, text: str, department: str | None = None) -> list[str]:
    return [each.concept.removeprefix(BASE) for each in mentions(text, matcher, department)]


def test_a_departments_word_is_read_as_the_shared_concept(matcher: VocabularyMatcher) -> None:
    assert concepts(matcher, "Annual leave, or the holiday allowance") == ["annual-leave", "annual-leave"]
    assert concepts(matcher, "The per diem rises.") == ["meals"]


def test_a_word_of_several_meanings_needs_a_department(matcher: VocabularyMatcher) -> None:
    assert concepts(matcher, "Report the incident.") == []
    assert concepts(matcher, "Report the incident.", "People") == ["accident"]
    assert concepts(matcher, "Report the incident.", "Legal") == ["breach"]


def test_what_is_only_part_of_a_broader_concept_is_not_called_it(matcher: VocabularyMatcher) -> None:
    assert concepts(matcher, "A study day is time off.") == ["time-off"]


def test_the_longest_match_stands_and_none_overlap() -> None:
    def match(text: str, department: str | None = None) -> list[tuple[int, int, str]]:
        return [(7, 12, "leave"), (0, 12, "annual-leave"), (0, 6, "annual"), (0, 12, "a-leave"), (13, 16, "day")]

    assert mentions("annual leave day", match) == (Mention(0, 12, "a-leave"), Mention(13, 16, "day"))


def test_a_workspace_may_have_no_taxonomy() -> None:
    assert mentions("annual leave", no_concepts) == ()
    assert only_itself("x") == {"x"}
