"""BM25 vectors of documents and queries; the one place that fixes the tokens, so that both sides agree.

`qdrant_edge.Bm25` makes the same tokens as the Qdrant server's `qdrant/bm25`. Term frequencies are in the document's
vector, inverse document frequencies are the engine's (IDF modifier), over the documents that the asker may read.
"""

from __future__ import annotations

from functools import cache

from qdrant_edge import Bm25, Bm25Config, SparseVector

TEXT = "text"
LABEL = "label"

# Typical lengths in tokens after stop words: a chunk of about 200 words, a title with a few concept labels.
_AVERAGE_LENGTH = {TEXT: 128.0, LABEL: 12.0}


def document(field: str, text: str) -> SparseVector:
    """Return the vector of a document's `field` (`TEXT` or `LABEL`); empty for a text without a word."""
    return _model(field).embed_document(clean(text))


def query(field: str, text: str) -> SparseVector | None:
    """Return the vector of a query against `field`, or None where nothing but stop words is left."""
    vector = _model(field).embed_query(clean(text))
    return vector if vector.indices else None


def clean(text: str) -> str:
    """Return `text` with lone surrogates (from broken file names or JSON) replaced, as the engine takes UTF-8 only."""
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _model(field: str) -> Bm25:
    return Bm25(Bm25Config(avg_len=_AVERAGE_LENGTH[field]))
