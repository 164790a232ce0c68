"""What root causes mean and what mends them, in words for people who are no engineers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause: its name, what it means, and what mends it."""

    name: str
    means: str
    mends: str


CAUSES: Mapping[str, Cause] = {
    "missing_content": Cause(
        "No page says it",
        "Nothing in any source answers this question.",
        "Write it on a page of your source, or say who should. A sync after that finds it by itself.",
    ),
    "ingestion_error": Cause(
        "A page could not be taken in",
        "A source has a page that could not be read, or the source itself could not be reached.",
        "Look at why it was set aside, and mend the page or the source's settings.",
    ),
    "content_error": Cause(
        "The page is wrong",
        "The page that was quoted says something else than what is right, and no source says it rightly.",
        "Correct the page at its source. The next sync sees it, asks the question again, and checks the answer.",
    ),
    "stale_content": Cause(
        "The page is out of date",
        "The answer stands on a page that is past its review, or that a newer page has overtaken.",
        "Bring the page up to date, take it away, or let the newer page say that it replaces this one.",
    ),
    "source_conflict": Cause(
        "Two pages disagree",
        "Another page says otherwise, and no declared rule settles which of them counts.",
        "Agree with the other owner which page is right, and mend or withdraw the other one.",
    ),
    "authority_misconfigured": Cause(
        "The wrong page wins",
        "Both pages were found, and a declared rule put the wrong one first.",
        "Change the ranking or the standing of the source in authority.yaml, or delegate the matter to it.",
    ),
    "access_filtered": Cause(
        "The asker may not read it",
        "The page that answers this is not open to the person who asked. They have not been told.",
        "Decide whether they should be able to read it. If not, close the case: nothing is wrong with the page.",
    ),
    "access_too_wide": Cause(
        "Too many may read it",
        "Somebody was told what they say should not be visible to them.",
        "Decide who should be able to read the page, and say so at its source. If all is right, close the case.",
    ),
    "filter_excluded": Cause(
        "Left out by a filter",
        "The use case, or the state of the page, keeps the right page out of the search.",
        "Widen the sources or subjects of the use case, or approve the page.",
    ),
    "taxonomy_gap": Cause(
        "A word or a subject is missing",
        "People ask in words that the vocabulary does not know, or the page is filed under another subject.",
        "Add the word as another label of its concept, or correct the tags of the page.",
    ),
    "chunk_split": Cause(
        "The passage was cut in two",
        "The fact and what it is about stand in different passages of the page.",
        "Let the sentence name what it is about, or tell engineering to cut longer passages.",
    ),
    "retrieval_miss": Cause(
        "The search does not find it",
        "The right page is there and may be read, and no search finds it for these words.",
        "Engineering looks at the ranking. A clearer heading on the page often helps at once.",
    ),
    "missed_top_rank": Cause(
        "Found too far down",
        "The right page is found, below the passages that are read.",
        "Engineering looks at the ranking. A clearer heading on the page often helps at once.",
    ),
    "not_in_context": Cause(
        "Crowded out",
        "The right passage was found, and too many others stood before it.",
        "Engineering looks at how passages are chosen for an answer.",
    ),
    "not_extracted": Cause(
        "The sentence was not picked",
        "The right passage was read, and another sentence of it was quoted.",
        "Engineering looks at how sentences are chosen. A plainer sentence on the page often helps.",
    ),
    "wrong_format": Cause(
        "Right, in another form",
        "The answer says the right thing in another unit or notation than was expected.",
        "Engineering looks at the wording of answers.",
    ),
    "incorrect_specificity": Cause(
        "Right for other people",
        "What was told holds in another case, place or group than the one that was asked about.",
        "Say on the page to whom it applies.",
    ),
    "incomplete": Cause(
        "Only a part was told",
        "The answer gives some of what is right, and leaves the rest out.",
        "Engineering looks at how much an answer quotes.",
    ),
    "hallucination": Cause(
        "Nothing supports it",
        "The answer says something that no page it cites says.",
        "Engineering looks at the wording by the language model.",
    ),
    "invalid_feedback": Cause(
        "The answer was right",
        "The answer told what the report says is right.",
        "Close the case as mistaken, with a word to whoever reported it.",
    ),
    "undetermined": Cause(
        "Not known yet",
        "Nobody has looked for the cause yet, or it could not be found.",
        "Look for the cause, or read the reports and decide.",
    ),
}
