"""Passages: structure-aware chunks, sized by the model's tokens, with the headings above them.

A passage never crosses a heading and never cuts a table unless the table alone is over its own limit (then between
rows, the header row repeated). Everything else is cut between blocks, then between sentences, by llama-index.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from concord.catalog.chunks import Chunk, embedded_text
from concord.embedding import content_hash
from concord_taxonomy.markdown import SENTENCES_VERSION, Block, BlockKind, blocks, sentences

if TYPE_CHECKING:
    from llama_index.core.node_parser import SentenceSplitter

CHUNKER_VERSION = 2
_MIN_BODY_TOKENS = 32
_LONG_WORD = re.compile(r"\S{101,}")
_CHARACTERS = 5
"""Of a token, about."""

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the body to stand in a passage: its text, offset and tokens."""

    text: str
    start: int
    tokens: int


class Chunker:
    """Cuts Markdown bodies into passages of at most `max_tokens`, heading path included."""

    def __init__(self, count_tokens: CountTokens, max_tokens: int = 200, max_table_tokens: int = 1200) -> None:
        self._tokens = count_tokens
        self._max_tokens = max_tokens
        self._max_table_tokens = max_table_tokens

    def _count(self, texts: Sequence[str]) -> list[int]:
        """The tokens of texts; a word that is one unknown token to the model, however long, counts by its length."""
        return [max(tokens, _long(text)) for tokens, text in zip(self._tokens(texts), texts, strict=True)]

    @property
    def fingerprint(self) -> str:
        """Changes when the same body would be cut otherwise."""
        parts = [CHUNKER_VERSION, SENTENCES_VERSION, self._max_tokens, self._max_table_tokens]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]

    def chunk(self, body: str) -> list[Chunk]:
        """The passages of a body, in order; `page` and `changed` are left open."""
        found: list[Chunk] = []
        content = [block for block in blocks(body) if block.kind is not BlockKind.HEADING]
        for path, group in groupby(content, key=lambda block: block.heading_path):
            headings = self._fitting(path)
            budget = self._max_tokens - self._count([" > ".join(headings)])[0] if headings else self._max_tokens
            pieces = self._pieces(body, list(group), max(budget, _MIN_BODY_TOKENS))
            for text, start in self._packed(body, pieces, max(budget, _MIN_BODY_TOKENS)):
                key = content_hash(embedded_text(headings, text))
                found.append(Chunk(len(found), headings, text, start, key))
        return found

    def _fitting(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """The innermost headings that leave at least half of a passage to the body."""
        while len(path) > 1 and self._count([" > ".join(path)])[0] > self._max_tokens // 2:
            path = path[1:]
        return path

    def _pieces(self, body: str, group: list[Block], budget: int) -> Iterator[Piece]:
        texts = [body[block.start : block.end] for block in group]
        for block, text, tokens in zip(group, texts, self._count(texts), strict=True):
            if tokens <= budget or (block.kind is BlockKind.TABLE and tokens <= self._max_table_tokens):
                yield Piece(text, block.start, tokens)
            elif block.kind is BlockKind.TABLE:
                yield from self._rows(text, block.start)
            else:
                yield from self._sentences(text, block.start, budget)

    def _rows(self, table: str, start: int) -> Iterator[Piece]:
        """Cut a very long table between rows, its header repeated."""
        first_line, rule, *rows = table.split("\n")
        header = f"{first_line}\n{rule}"
        # Lines share no token, so that counting each once is enough; a sheet has tens of thousands.
        fixed, *counts = self._count([header, *rows])
        offset = start + len(header) + 1
        run: list[str] = []
        first, tokens = offset, fixed
        for line, count in zip(rows, counts, strict=True):
            if run and tokens + count > self._max_table_tokens:
                yield Piece("\n".join([header, *run]), first, tokens)
                run, first, tokens = [], offset, fixed
            run.append(line)
            tokens += count
            offset += len(line) + 1
        yield Piece("\n".join([header, *run]), first, tokens)

    def _sentences(self, text: str, start: int, budget: int) -> Iterator[Piece]:
        position = 0
        parts = [
            part[at : at + step]
            for part in self._splitter(budget).split_text(text)
            for step in [budget * _CHARACTERS if _long(part) > budget else len(part)]
            for at in range(0, len(part), step)
        ]
        for part, tokens in zip(parts, self._count(parts), strict=True):
            found = text.find(part, position)
            # The splitter trims white space only, so a part is always found; -1 would shift a citation.
            position = position if found < 0 else found
            yield Piece(part, start + position, tokens)
            position += len(part)

    def _splitter(self, budget: int) -> SentenceSplitter:
        if budget not in self._splitters:
            from llama_index.core.node_parser import SentenceSplitter

            self._splitters[budget] = SentenceSplitter(
                chunk_size=budget,
                chunk_overlap=0,
                tokenizer=lambda text: [0] * self._tokens([text])[0],
                chunking_tokenizer_fn=_cut_sentences,
                paragraph_separator="\n\n",
            )
        return self._splitters[budget]

    @cached_property
    def _splitters(self) -> dict[int, SentenceSplitter]:
        return {}

    def _packed(self, body: str, pieces: Iterable[Piece], budget: int) -> Iterator[tuple[str, int]]:
        """Join neighbouring pieces while they fit."""
        run: list[Piece] = []
        for piece in pieces:
            if run and sum(part.tokens for part in run) + piece.tokens > budget:
                yield _joined(run)
                run = []
            run.append(piece)
        if run:
            yield _joined(run)


def _long(text: str) -> int:
    """About how many tokens the words of a text would be that no model has in its vocabulary."""
    return sum(map(len, _LONG_WORD.findall(text))) // _CHARACTERS


def _joined(run: list[Piece]) -> tuple[str, int]:
    return "\n\n".join(piece.text for piece in run), run[0].start


def _cut_sentences(text: str) -> list[str]:
    """Sentences that together are the text, white space kept (as llama-index wants them)."""
    starts = [sentence.start for sentence in sentences(text)][1:]
    edges = [0, *starts, len(text)]
    return [text[a:b] for a, b in pairwise(edges) if b > a]
