"""Replies of a judge: what counts, what does not, and how much is asked. Without ragas."""

import asyncio
import json
import time

import httpx
import pytest
from pydantic import BaseModel, ValidationError

from concord_evals.judging.judge import BudgetSpent, Endpoint, Judge, JudgeError, checked, given, prompt_version
from concord_evals.judging.model import JudgeSettings


class Statements(BaseModel):
    statements: list[str]


class Verdict(BaseModel):
    statement: str
    verdict: int


class Verdicts(BaseModel):
    statements: list[Verdict]


class Attribution(BaseModel):
    statement: str
    attributed: int


class Classifications(BaseModel):
    classifications: list[Attribution]


def prompt(about: dict) -> str:
    schema = '{"statements"}JSON Schema:\n{"statements": 1}'
    return f"Do it.{schema}\nNow perform the same with the following input\ninput: {json.dumps(about)}\nOutput: "


def verdicts(*values: int) -> str:
    return json.dumps({"statements": [{"statement": str(n), "verdict": value} for n, value in enumerate(values)]})


TWO = {"context": "c", "statements": ["0", "1"]}


@pytest.mark.parametrize(
    "text",
    [
        verdicts(1, 0),
        f"```json\n{verdicts(1, 0)}\n```",
        f"Sure:\n{verdicts(1, 0)} I hope that helps.",
        f'<think>Is it {{"statements": []}}?</think>{verdicts(1, 0)}',
        f"<reasoning>\n</reasoning>\n```\n{verdicts(1, 0)}\n```",
        f"it began with thoughts</think> {verdicts(1, 0)}",
    ],
)
def test_fences_and_reasoning_are_taken_off(text):
    assert [each.verdict for each in checked(text, Verdicts, TWO).statements] == [1, 0]


@pytest.mark.parametrize(
    ("text", "model", "about", "told"),
    [
        (verdicts(1), Verdicts, TWO, "gave 1 verdicts on 2 statements"),
        (verdicts(1, 1, 1), Verdicts, TWO, "gave 3 verdicts on 2 statements"),
        (verdicts(), Verdicts, TWO, "no statements"),
        (verdicts(1, 1).replace('"1"', '" 0. "'), Verdicts, TWO, "several verdicts on one statement"),
        ('{"statements": []}', Statements, {"answer": "One."}, "no statements"),
        (verdicts(1, 5), Verdicts, TWO, "a verdict other than 0 and 1"),
        (
            '{"classifications": [{"statement": "s", "attributed": 1}]}',
            Classifications,
            {"answer": "One thing. Another thing."},
            "classified 1 of 2 sentences",
        ),
        ('{"statements": [', Verdicts, TWO, "broken JSON"),
        ("[" * 100_000 + "{" * 100_000, Verdicts, TWO, "broken JSON"),
        ("I would rather not say secret-thing.", Verdicts, TWO, "no JSON"),
        ('{"statements": "secret-thing"}', Verdicts, TWO, "another shape"),
        ("<think>no end", Verdicts, TWO, "no JSON"),
    ],
)
def test_what_does_not_count(text, model, about, told):
    with pytest.raises(JudgeError, match=told) as caught:
        checked(text, model, about)
    assert "secret" not in str(caught.value)


def test_the_version_of_a_prompt_is_that_of_its_instructions():
    assert prompt_version(prompt({"answer": "a"})) == prompt_version(prompt({"answer": "b"}))
    assert prompt_version(prompt({})) != prompt_version("Other." + prompt({}))
    assert given(prompt(TWO)) == TWO
    assert given("no input") == given("Now perform the same with the following input\ninput: [1]") == {}


def asking(settings: JudgeSettings, *prompts: str) -> tuple[list[object], list[Judge]]:
    async def ask() -> tuple[list[object], list[Judge]]:
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            endpoint = Endpoint(settings, client)
            judges = [Judge(endpoint) for _ in prompts]
            calls = (judge.ask(each, Verdicts) for judge, each in zip(judges, prompts, strict=True))
            return list(await asyncio.gather(*calls, return_exceptions=True)), judges

    return asyncio.run(ask())


def settings(standin, **more) -> JudgeSettings:
    return JudgeSettings(url=standin.url, model="stand-in", timeout_seconds=1.0, **more)


def marked(mode: str) -> str:
    return prompt({"context": "", "statements": [f"[{mode}] one", "two"]})


def test_every_reply_is_kept_as_it_came(standin):
    [reply], [judge] = asking(settings(standin), marked("good"))
    assert isinstance(reply, Verdicts)
    [kept] = judge.replies
    assert kept["prompt"] == prompt_version(marked("good")) and json.loads(kept["reply"])["statements"]
    request = standin.asked[-1]
    assert (request["model"], request["temperature"]) == ("stand-in", 0.0)
    assert request["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("partial", "gave 1 verdicts on 2"),
        ("broken", "broken JSON"),
        ("prose", "no JSON"),
        ("silent", "replied with nothing"),
        ("down", "status 500"),
        ("slow", "no reply within 1 s"),
        ("drip", "no reply within 1 s"),
    ],
)
def test_a_bad_reply_is_asked_for_again_and_then_told(standin, mode, told):
    before = len(standin.asked)
    [error], [judge] = asking(settings(standin, retries=1), marked(mode))
    assert isinstance(error, JudgeError) and told in str(error) and "secret" not in str(error)
    assert len(standin.asked) - before == len(judge.replies) == 2
    assert all(told in each["problem"] for each in judge.replies)


def test_no_more_are_asked_at_once_than_the_settings_say(standin):
    while standin.at_once:  # slow replies that nobody waits for any more
        time.sleep(0.05)
    standin.most_at_once, standin.delay = 0, 0.05
    replies, _ = asking(settings(standin, concurrency=3), *[marked("good")] * 12)
    standin.delay = 0.0
    assert all(isinstance(each, Verdicts) for each in replies)
    assert 2 <= standin.most_at_once <= 3


def test_no_more_are_asked_in_all_than_the_budget(standin):
    before = len(standin.asked)
    replies, judges = asking(settings(standin, budget=4, retries=3), *[marked("good")] * 3, *[marked("prose")] * 3)
    assert len(standin.asked) - before == 4
    spent = [each for each in replies if isinstance(each, BudgetSpent)]
    assert len(spent) >= 2 and "budget of 4" in str(spent[0])
    assert sum("reply" in kept for judge in judges for kept in judge.replies) == 4


def test_an_endpoint_that_is_not_there_is_told_of():
    [error], _ = asking(JudgeSettings(url="http://127.0.0.1:9/v1", model="m", retries=0), marked("good"))
    assert "cannot be reached" in str(error)


def test_judges_of_one_name_at_two_endpoints_are_two():
    one, other, again = (
        JudgeSettings(url=url, model="m")
        for url in ("http://one.example/v1", "http://two.example/v1", "http://key:secret@one.example/v1")
    )
    assert one.identity == again.identity == "m at temperature 0, one.example/v1" != other.identity


@pytest.mark.parametrize("wrong", [{"model": ""}, {"budget": 0}, {"concurrency": 0}, {"temperature": -1}])
def test_limits_are_explicit(wrong):
    with pytest.raises(ValidationError):
        JudgeSettings(**{"url": "http://localhost", "model": "m", **wrong})
