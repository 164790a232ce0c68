"""What a workspace gives to the alignment of two schemes: vectors of labels, and items by concept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from concord.bootstrap.concord import Concord
from concord.catalog import items
from concord.catalog.embeddings import load_vectors
from concord.catalog.engine import reading
from concord.embedding import Vectors, content_hash, encode_all
from concord_taxonomy.alignment import Document
from concord_taxonomy.standard import Principal


def label_vectors(concord: Concord, texts: Sequence[str]) -> Vectors:
    """A vector for each text, from the catalog where a sync or `concord apply` has embedded it; nothing is kept."""
    hashes = [content_hash(text) for text in texts]
    with reading(concord.engine) as connection:
        kept = load_vectors(connection, concord.encoder.model, hashes)
    missing = [text for text, key in zip(texts, hashes, strict=True) if key not in kept]
    made = dict(zip(missing, encode_all(concord.encoder, missing), strict=True))
    rows = [kept[key] if key in kept else made[text] for text, key in zip(texts, hashes, strict=True)]
    return np.array(rows, np.float32).reshape(len(texts), concord.encoder.dimension)


def documents(concord: Concord, principal: Principal) -> Iterator[Document]:
    """The items that `principal` may read, with their words."""
    with reading(concord.engine) as connection:
        for item in list(items.all_readable(connection, principal)):
            body = items.item_body(connection, item.identifier)
            yield Document(item.identifier, item.publisher or "", item.subject, f"{item.title}\n\n{body}")
