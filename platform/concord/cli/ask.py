"""`concord ask`: a cited answer, and which source won and why."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AsJson, AsOf, AsUser, day, hint_behind, opened, principal
from concord.cli.output import clean, on_terminal, print_json, say

if TYPE_CHECKING:
    from concord.answering.events import AnswerEvent
    from concord.answering.model import Ambiguity, Answer, Citation, Conflict, Meaning
    from concord.authority.claims import Claim

Question = Annotated[str, typer.Argument(help="The question, in your own words.", show_default=False)]
UseCase = Annotated[str | None, typer.Option("--use-case", "-u", help="Ask inside a use case of usecases/.")]

_REASONS = {
    "no_evidence": "Nothing that you may read is about this.",
    "weak_evidence": "What you may read is not close enough to your question to answer it.",
    "no_winner": "The sources disagree, and the policy names no winner here.",
    "unsupported": "Nothing of what the model said is supported by what you may read.",
    "no_version_at_date": "Of what you may read about this, no version is known that held on that day.",
}

_FALLBACKS = {
    "unreachable": "cannot be reached",
    "too_slow": "was too slow",
    "cut_off": "broke off",
    "busy": "is busy",
    "key_refused": "refused the key",
    "request_refused": "takes no such questions",
    "server_error": "failed",
    "refused": "did not want to answer",
    "too_long": "said too much",
    "malformed": "said nothing that can be used",
    "empty": "said nothing",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ask")(ask)


def ask(
    ctx: typer.Context,
    question: Question,
    as_: AsUser = None,
    use_case: UseCase = None,
    as_of: AsOf = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show what the question was searched for as, and how long each step took.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question from what USER may read, with citations and resolved conflicts."""
    from concord.answering.events import answer_of

    text, at = checked(question), day(as_of)
    with opened(ctx) as concord:
        events = concord.stream(text, principal(concord, as_), use_case, at)
        as_it_comes = not as_json and on_terminal()
        answer = told(events) if as_it_comes else answer_of(events)
        hint_behind(concord)
        if as_json:
            print_json(answer.to_json())
        else:
            show(answer, told=as_it_comes)
            if trace:
                say(*traced(answer))


def checked(question: str) -> str:
    """The question without surrounding space; raises `typer.BadParameter` for an empty or a very long one."""
    from concord.retrieval.question import MAX_QUESTION

    text = question.strip()
    if not text:
        raise typer.BadParameter("the question is empty")
    if len(text) > MAX_QUESTION:
        raise typer.BadParameter(f"the question has {len(text):,} characters, at most {MAX_QUESTION:,} are read")
    return text


def told(events: Iterable[AnswerEvent]) -> Answer:
    """Print an answer's text as it comes, with nothing after it; returns the answer."""
    from concord.answering.events import TextDelta, answer_of

    def printed() -> Iterator[AnswerEvent]:
        for event in events:
            if isinstance(event, TextDelta):
                sys.stdout.write(clean(event.text))
                sys.stdout.flush()
            yield event

    return answer_of(printed())


def show(answer: Answer, *, told: bool = False) -> None:
    """Print an answer for a person, without its text where that was `told` already."""
    if told and answer.text is not None:
        say("", *([f"(as of {answer.as_of})"] if answer.as_of is not None else []))
    say(*(line for each in answer.ambiguous for line in ambiguity(each)))
    if answer.text is None:
        say(f"No answer. {_REASONS.get(answer.reason or '', '')}".rstrip())
        for conflict in answer.conflicts:
            say("", *_conflict(conflict, answer))
        return
    if not told:
        if answer.as_of is not None:
            say(f"As of {answer.as_of}:")
        say(answer.text)
    if answer.fallback is not None:
        say(f"(Quoted, for the model {_FALLBACKS.get(answer.fallback, 'gave no answer')}.)")
    say("")
    cited: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        cited.setdefault(citation.item.identifier, []).append(citation)
    say(*(line for citations in cited.values() for line in _item(citations, answer)))
    for conflict in answer.conflicts:
        say("", *_conflict(conflict, answer))
    for slot in answer.by_scope:
        say("", *_by_scope(slot, answer))


def traced(answer: Answer) -> list[str]:
    """What the question was searched for as, how sure the answer is, and where the time went."""
    lines = ["", "Searched for" if answer.expanded else "No word of the question is in the vocabulary."]
    for each in answer.expanded:
        others = f", also as {', '.join(each.terms)}" if each.terms else ""
        lines.append(f"  “{each.words}”: {', '.join(each.concepts)}{others}")
    spent = ", ".join(f"{name} {ms:.0f} ms" for name, ms in answer.timings_ms.items())
    return [*lines, f"Confidence {answer.confidence:.2f}; {spent}", f"Trace {answer.trace_id}"]


_BY = {
    "department": "as your department uses it",
    "use_case": "as this use case is about it",
    "shared": "as the shared vocabulary has it",
}


def ambiguity(each: Ambiguity) -> list[str]:
    """How words of several meanings were read, and what else they mean; where nothing chose, which is for the asker."""
    if each.undecided:
        every = " or ".join(map(_meaning, each.chosen))
        return [f"“{each.words}” can mean {every}: all are searched. Which one do you mean?", ""]
    others = " or ".join(map(_meaning, each.others))
    if not each.chosen:
        own = f"“{each.words}” is a word of your department's own, which no shared concept says"
        return [f"{own}; elsewhere it means {others}.", ""]
    read = " and ".join(map(_meaning, each.chosen))
    how = f", {_BY[each.by]}" if each.by else ""
    return [f"“{each.words}” is read as {read}{how}; it can also mean {others}.", ""]


def _meaning(meaning: Meaning) -> str:
    return f"{meaning.label} ({', '.join(meaning.used_by)})" if meaning.used_by else meaning.label


def _item(citations: list[Citation], answer: Answer) -> list[str]:
    """An item and the numbers under which it is quoted."""
    from concord.answering.neutral import quoted, web_address

    item = citations[0].item
    modified = item.modified or item.issued or item.created
    facts = [
        quoted(item.publisher, answer.hosts) if item.publisher else None,
        item.authority_tier.value if item.authority_tier else None,
        item.status.value,
        f"{modified:%Y-%m-%d}" if modified else None,
        f"owner {item.contact_point}" if item.contact_point else None,
    ]
    numbers = "".join(f"[{citation.n}]" for citation in citations)
    page = web_address(item.landing_page)
    link = f"  {page}" if page else ""
    return [
        f"{numbers} {quoted(item.title, answer.hosts)} — {', '.join(fact for fact in facts if fact)}",
        f"    {item.identifier}@{item.revision}{_held(citations[0])}{link}",
    ]


def _held(citation: Citation) -> str:
    return f", held {citation.period}" if citation.period else ""


def _conflict(conflict: Conflict, answer: Answer) -> list[str]:
    from concord.answering.neutral import quoted

    decision = conflict.decision
    rule = f", by {decision.rule}" if decision.rule else ""
    lines = [
        f"Sources disagree on {quoted(conflict.attribute)}: {decision.verdict.value}{rule}",
        f"  {quoted(decision.explanation, answer.hosts)}",
    ]
    if decision.winner:
        lines.append(f"  + {_side(decision.winner, answer)}")
    lines += [f"  - {_side(claim, answer)}" for claim in conflict.losers]
    if conflict.open:
        lines.append(f"  To be settled by {' and '.join(conflict.sent_to) or 'nobody who may read all of it'}")
    return lines


def _by_scope(slot: Conflict, answer: Answer) -> list[str]:
    from concord.answering.neutral import quoted

    lines = [f"It depends on the scope which {quoted(slot.attribute)} applies: say which one you mean"]
    return lines + [
        f"  {quoted(claim.scope.describe()) or 'otherwise'}: {_side(claim, answer)}" for claim in slot.decision.standing
    ]


def _side(claim: Claim, answer: Answer) -> str:
    """A value with its sentence, and where it stands: the number of its citation, or its item."""
    from concord.answering.model import number_of
    from concord.answering.neutral import quoted

    number = number_of(claim, answer.citations)
    said = quoted(f"{claim.value.text}: “{claim.quote}”", answer.hosts)
    where = f"[{number}]" if number else f"{quoted(claim.facts.describe(), answer.hosts)}, {claim.identifier}"
    return f"{said} — {where}"
