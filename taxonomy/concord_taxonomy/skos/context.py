"""What is checked of the contexts of JSON-LD before it is parsed: how deep their terms reach, and how long they get.

pyoxigraph defines a term by calling itself for each term that it is defined by: 10,000 in a row end the process. It
holds the whole document with its IRIs written out, so that a base of 100 kB made 10 GB of a file of 2 MB.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from concord_taxonomy.skos.errors import VocabularySyntaxError, VocabularyTooLarge
from concord_taxonomy.skos.statement import Limits

_CONTEXT = re.compile('"' + "".join(rf"(?:{each}|\\u00(?i:{ord(each):x}))" for each in "@context") + r'"\s*:\s*')
_JSON = json.JSONDecoder(parse_int=float, strict=False)  # whole numbers of 5,000 digits are none of its concern
_SPACES = ("@base", "@vocab")


def check_contexts(data: bytes, file: str, limits: Limits) -> None:
    """Raise a `VocabularyFileError` where contexts are over the limits: `terms`, `iri_chars`, `chars`."""
    text = data.decode(errors="replace")
    strings = data.count(b'"') // 2
    end = space = relative = reach = 0
    for found in _CONTEXT.finditer(text):
        if found.start() < end:
            continue  # inside the one before
        try:
            stated, end = _JSON.raw_decode(text, found.end())
        except ValueError as error:
            raise VocabularySyntaxError(file, _line(text, found), f"not well-formed: context: {error}") from error
        for context in _contexts(stated):
            terms = _lengths(context, limits.terms)
            if terms is None:
                problem = f"terms defined by more than {limits.terms} others in a row, or by themselves: write IRIs"
                raise VocabularyTooLarge(file, _line(text, found), problem)
            for name in _SPACES:
                given = context.get(name)
                if isinstance(given, str) and ":" in given:
                    space = max(space, len(given))
                elif isinstance(given, str):
                    relative += len(given)  # to the one that holds around it
            reach = max([reach, *terms.values()])
        longest = max(space + relative, reach)
        if longest > limits.iri_chars:
            problem = f"a context whose IRIs get more than {limits.iri_chars:,} characters: shorten it"
            raise VocabularyTooLarge(file, _line(text, found), problem)
        if longest * strings > limits.chars:
            problem = f"may get more than {limits.chars:,} characters with IRIs written out: split the vocabulary"
            raise VocabularyTooLarge(file, _line(text, found), problem)


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def _contexts(stated: object) -> Iterator[dict[str, object]]:
    """A context, those of a list, and those of terms for what stands inside them."""
    waiting = [stated]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            yield each
            waiting += [value["@context"] for value in each.values() if isinstance(value, dict) and "@context" in value]


def _lengths(context: dict[str, object], depth: int) -> dict[str, int] | None:
    """At most how many characters each term stands for; None where more than `depth` are defined by each other."""
    needs: dict[str, set[str]] = {}
    longest: dict[str, int] = {}
    for term, value in context.items():
        stated = [value.get(key) for key in ("@id", "@reverse", "@type")] if isinstance(value, dict) else [value]
        texts = [each for each in (term, *stated) if isinstance(each, str)]
        needs[term] = {name for text in texts for name in _names(text) if name in context and name != term}
        longest[term] = max(map(len, texts))
    lengths: dict[str, int] = {}
    for _ in range(depth + 1):
        ready = [term for term in needs.keys() - lengths.keys() if needs[term] <= lengths.keys()]
        lengths |= {term: longest[term] + max((lengths[name] for name in needs[term]), default=0) for term in ready}
    return lengths if len(lengths) == len(needs) else None


def _names(text: str) -> Iterator[str]:
    """The terms that an IRI of a context may be written with: the whole, or what stands before the colon."""
    prefix, colon, rest = text.partition(":")
    yield text
    if colon and not rest.startswith("//"):
        yield prefix
