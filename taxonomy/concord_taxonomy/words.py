"""Words as labels are matched by: tokens of a text, their normal form, and plurals folded onto singulars.

The folding is Harman's S-stemmer (JASIS 42(1), 1991) with the sibilant endings put right (`processes` and `process`,
`expenses` and `expense`, `caches` and `cache` meet) and without words whose plural means something else (`customs`).
It leaves everything but plurals alone: `employee`, `employer` and `employment` stay three words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain

LEXICAL_PLURALS = frozenset(
    """accounts arms customs damages goods grounds means minutes news premises proceedings rights savings securities
    wills works""".split()  # noqa: SIM905
)
"""Plurals that are words of their own, which their singular must not match."""

SHORT_WORDS = frozenset(
    """a act add age ago aid aim air all am an and any app are arm art as ask at bad bag ban bar be bed big bit box boy
    but buy by can cap car cat cut dad day did die do dog due ear eat end err eye far few fit fix fly for fun gap gas
    get go got guy had has hat he her hi him his hit hot how i if ill in is it its job key kid law lay led let lie lot
    low man map may me men met mix my net new no nor not now odd of off oh ok old on one or our out own pay per pet pop
    put ran raw red rid row run sad say see set she sir sit six so son sum sun tax tea ten the tie tip to too top toy
    try two up us use van via war was way we web wet who why win wit won yes yet you""".split()  # noqa: SIM905
)
"""Common words of at most three letters: a lower-case acronym of these letters is this word."""

_ARTICLES = ["[cdjlmnst]", "qu", "jusqu", "lorsqu", "puisqu", "all", "dall", "dell", "nell", "quell", "sull", "un"]
_ELIDED = "(?i:" + "".join(rf"(?<!\b{each}['’])" for each in _ARTICLES) + r"|(?=[^\W\d_]\b))"
"""After an apostrophe: no French, Italian or Catalan article that leaves its vowel out, and so is a word of its own."""
_ASCII = re.compile(rf"[A-Za-z0-9]+(?:'{_ELIDED}[A-Za-z]+)?")
_INVISIBLE = "\xad\u200b\u200c\u200d\u2060\ufeff"
_UNPARTED = (
    "\u0e00-\u0e4e\u0e80-\u0ece\u1000-\u103f\u1780-\u17d3\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Kana and Han: written without spaces, so that each character is taken for a word."""
_UNPARTED_CHARACTER = rf"\u0e4d\u0e32|\u0ecd\u0eb2|[{_UNPARTED}][\u3099\u309a\uff9e\uff9f]*+"
"""One of them: with the voicing marks of Kana, and the vowel am of Thai and Lao, as either may be taken apart."""
_PLAIN = {"’": "'", "\xa0": " "} | dict.fromkeys("‘“”–—•£€", '"')
_REMOVE = str.maketrans("", "", _INVISIBLE)
_SIBILANTS = ("s", "x", "z", "ch", "sh")


def parted(text: str) -> tuple[list[str], list[str]]:
    """The words of a text, and what stands before each of them and after the last one: together as long as the text.

    Typographic characters come as ASCII ones that part words the same way.
    """
    if not text.isascii():
        for odd, plain in _PLAIN.items():
            text = text.replace(odd, plain)
    if text.isascii():
        return _ASCII.findall(text), _ASCII.split(text)
    words, gaps = list[str](), [""]
    for line in text.splitlines(keepends=True):  # no word goes over a line, and patterns for ASCII are thrice as fast
        pattern = _pattern(line)
        words += pattern.findall(line)
        first, *others = pattern.split(line)
        gaps[-1] += first
        gaps += others
    return words, gaps


def tokens(text: str) -> Iterator[re.Match[str]]:
    """The words of a text as matches, so that each has its span; underscores and hyphens separate words."""
    return _pattern(text).finditer(text)


def _pattern(text: str) -> re.Pattern[str]:
    return _ASCII if text.isascii() else _any_script()


@cache
def _any_script() -> re.Pattern[str]:
    """Words of every script: a letter or figure, and what follows without a gap, with its combining marks."""
    planes = chain(range(0x300, 0x20000), range(0xE0100, 0xE01F0))  # no marks elsewhere
    marks = "".join(each for each in map(chr, planes) if unicodedata.category(each) in ("Mn", "Mc"))
    letter, mark = rf"[^\W_{_UNPARTED}]", f"[{marks}{_INVISIBLE}]"
    tail = rf"['’]{_ELIDED}(?=[^\W\d_])(?:(?!\d){letter}|{mark})++"
    return re.compile(rf"{_UNPARTED_CHARACTER}|{letter}++(?:{mark}++{letter}*+)*+(?:{tail})?")


def normal(word: str) -> str:
    """The form in which a word is compared: NFKC, case-folded, without invisible characters and possessive ending."""
    folded = plain(word).casefold()
    if not folded.isascii():
        folded = folded.replace("i\u0307", "i").replace("ı", "i")  # the dotted and the dotless one of Turkish
    return folded.removesuffix("'s")


def plain(word: str) -> str:
    """A word in the characters that it is compared by, its capitals as they are: NFKC, without invisible ones."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFKC", word.translate(_REMOVE)).replace("’", "'").replace("ʼ", "'")


def fold(word: str) -> str:
    """A normal word with its English plural ending folded; at least three letters stay.

    >>> [fold(word) for word in ("policies", "policy", "processes", "process", "customs", "employees")]
    ['policy', 'policy', 'process', 'process', 'customs', 'employee']
    """
    if len(word) <= 3 or word in LEXICAL_PLURALS or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ie") and len(word) > 4:
        return word[:-2] + "y"
    if word.endswith("es") and word[:-2].endswith(_SIBILANTS) and len(word) > 4:
        return word[:-2]
    if word.endswith("e") and word[:-1].endswith(_SIBILANTS):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def normal_words(text: str) -> tuple[str, ...]:
    """The normal words of a text; the key under which equal labels meet once the last word is folded."""
    return tuple(normal(match[0]) for match in tokens(text))


def key(text: str) -> tuple[str, ...]:
    """The normal words of a text, the last one folded: equal for labels that match each other's words."""
    words = normal_words(text)
    return (*words[:-1], fold(words[-1])) if words else ()
