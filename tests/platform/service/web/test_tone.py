"""A use case's tone in a real browser: words of a model of its own where there is one, and quotations where not."""

import re

import pytest

LEAVE = "How many days of annual leave does everyone receive?"
GOOD_NEWS = "Good news: everyone receives 27 days of annual leave a year. [{27 days}]"


def failing(handler):
    handler.send_error(500)


@pytest.fixture(scope="module")
def endpoint(standing_in):
    with standing_in() as model:
        yield model


@pytest.fixture(scope="module")
def changed(endpoint):
    case = "title: {title}\naudience: [group:staff]\nanswer: {{{answer}}}\n"
    return {
        "concord.yaml": "name: Harbour\nembedding: {runtime: hashing}\n"
        f"answer: {{llm: {{base_url: '{endpoint.url}', model: m, retries: 0}}}}\n",
        "usecases/plain.yaml": case.format(title="Plain", answer="tone: warm and brief"),
        "usecases/strict.yaml": case.format(title="Strict", answer="llm: false, tone: warm and brief"),
    }


@pytest.fixture
def answer(tab, endpoint):
    """The answer in a use case, and what the model was told of the tone."""

    def ask(use_case, down=False):
        endpoint.asked.clear()
        endpoint.script = failing if down else GOOD_NEWS
        here = tab()
        here.go(f"/?use_case={use_case}")
        turn = here.ask(LEAVE).inner_text()
        told = [each["messages"][0]["content"] for each in endpoint.asked]
        return turn, [re.findall(r"^Tone: (.*)$", system, re.M) for system in told]

    return ask


def test_a_model_is_told_the_tone_of_the_use_case(answer):
    turn, tones = answer("plain")
    assert "Good news: everyone receives 27 days" in turn and "word for word" not in turn
    assert tones == [["warm and brief"]]


def test_another_use_case_has_no_tone(answer):
    turn, tones = answer("ask-people")
    assert "Good news" in turn and tones == [[]]


def test_where_a_use_case_wants_quotations_no_model_is_asked(answer):
    turn, tones = answer("strict")
    assert "Everyone receives 27 days" in turn and "Good news" not in turn and "language model" not in turn
    assert tones == []


def test_where_the_model_is_down_it_says_so_and_quotes(answer):
    turn, tones = answer("plain", down=True)
    assert "Everyone receives 27 days" in turn and "Good news" not in turn
    assert "word for word: the language model could not be used" in turn
    assert tones == [["warm and brief"]]
