"""What the pages say, in plain words: states, kinds of text, rules, and why there is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

STATUS = {
    "draft": "Draft",
    "in_review": "In review",
    "approved": "Approved",
    "deprecated": "Out of date",
    "withdrawn": "Withdrawn",
}

NO_ANSWER = {
    "no_evidence": (
        "Nothing found on this",
        "None of the pages that you can read is about it.",
    ),
    "weak_evidence": (
        "No page answers this clearly",
        "Some pages come near, but none says it well enough to quote as an answer.",
    ),
    "no_winner": (
        "The sources disagree, so there is no single answer",
        "By the rules of this organisation, nobody's word counts more here.",
    ),
    "unsupported": (
        "The language model gave no answer that the pages support",
        "Every sentence that it wrote was removed, because the pages it cited do not say so. Ask in other words.",
    ),
    "no_version_at_date": (
        "Nothing is known for that day",
        "No version of these pages is known that held then. Try a later date, or ask about today.",
    ),
}

AMBIGUITY = {
    "department": "as your department uses it",
    "use_case": "as it is meant here",
    "shared": "as most departments use it",
}


REASONS = {
    "wrong": "It is wrong",
    "outdated": "It is out of date",
    "missing": "Something is missing",
    "contradicts": "It contradicts another page",
    "not_for_me": "It is not about my case",
    "should_not_be_visible": "I should not be able to see this",
}

STAGES = {
    "rewrite": "Understanding the follow-up",
    "expand": "Finding other words for it",
    "embed": "Turning it into a vector",
    "search": "Searching",
    "rank": "Ranking",
    "decide": "Weighing disagreements",
    "compose": "Wording the answer",
    "prompt": "Writing to the model",
    "answer": "The model answers",
    "check": "Checking each sentence",
}

LACKS = {
    "citation": "it cites nothing",
    "value": "it states a number, date or amount that no cited page has",
    "name": "it names what no cited page names",
    "words": "it is not in the words of the pages it cites",
    "denial": "it denies what the pages say, or the other way round",
    "length": "it is too long for a sentence",
    "meaning": "a word of its own, such as “only” or another group of people, turns what the pages say",
    "authority": "it states what a source with more authority overruled",
    "link": "it was written so that a link would be put together of its parts",
    "said": "it was said already",
    "room": "it would cite more pages than an answer may",
}
"""Why a sentence of a model was taken out."""

FALLBACK = {
    "too_slow": "it took too long",
    "too_long": "it said too much",
    "cut_off": "its answer was cut off",
    "refused": "it did not want to answer",
    "empty": "it said nothing",
    "key_refused": "its key is not accepted",
    "request_refused": "it does not take such questions",
    "busy": "it is too busy",
    "server_error": "it failed",
    "unreachable": "it could not be reached",
    "malformed": "what it said could not be used",
}
"""Why a model was not used, where there are plainer words for it."""

WAYS = {"dense": "meaning", "text": "words", "label": "titles and subjects"}


def day(value: date | datetime | str | None) -> str:
    """A date as people write it: 12 Jan 2026."""
    if not value:
        return ""
    moment = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{moment.day} {moment:%b %Y}"


def rule(conflict: Mapping[str, Any], source: str) -> str:
    """Why one side won, in one sentence: `conflict` is one of `Answer.to_json()`, `source` the winner's."""
    winner, losers = conflict["winner"], conflict["losers"]
    other = losers[0] if losers else {}
    won, lost = winner["authority_tier"] or "page", other.get("authority_tier") or "page of no stated standing"
    match conflict["rule"]:
        case "in_force":
            return f"“{winner['title']}” is in force; what it was weighed against no longer is, or not yet."
        case "status":
            return f"“{winner['title']}” is further along in its approval than what it was weighed against."
        case "source_ranking":
            return f"On this subject, {source} is the source that counts most."
        case "tier":
            return f"A {won} stands above a {lost}." if won != lost else f"“{winner['title']}” has the higher standing."
        case "specificity":
            return f"“{winner['title']}” speaks of exactly this case; the others speak in general."
        case "effective_date":
            return f"“{winner['title']}” took effect later."
        case "claim_date":
            return f"“{winner['title']}” said so more recently."
        case _:
            return str(conflict["explanation"])
