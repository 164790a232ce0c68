"""Both runtimes of the default model give the same vectors; the cache embeds nothing twice."""

import threading

import numpy as np
import pytest

from concord.embedding import CachedEncoder, Passage, content_hash, open_encoder
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


def test_sentences_get_vectors_of_their_own_from_the_same_pass():
    text = "Leave\nEveryone has 27 days of leave. The canteen opens at noon."
    spans = ((6, 37), (38, len(text)))
    passage, beyond = Passage(text, spans), Passage("word " * 400 + "The end.", ((2000, 2008),))
    for runtime in ("onnx", "torch"):
        encoder = open_encoder(runtime=runtime)
        leave, canteen = encoder.encode(["How much holiday do I get?", "When can I have lunch?"])
        [embedded, cut] = encoder.encode_passages([passage, beyond])
        assert np.abs(embedded.vector - encoder.encode([text])[0]).max() < 1e-5
        assert embedded.sentences.shape == (2, 384)
        assert embedded.sentences[0] @ leave > embedded.sentences[1] @ leave
        assert embedded.sentences[1] @ canteen > embedded.sentences[0] @ canteen
        assert not cut.sentences.any()


class Memory(dict):
    def held(self, model, hashes):
        return [key for key in hashes if key in self]


def test_the_cache_embeds_each_text_once():
    store, encoder = Memory(), HashingEncoder()
    cached = CachedEncoder(encoder, store, batch_size=2)
    seen = []
    made = cached.embed([Passage(text) for text in ("a b", "c", "a b", "d e f")], progress=seen.append)
    assert set(made) == {content_hash(text) for text in ("a b", "c", "d e f")}
    assert encoder.encoded == sum(seen) == 3
    store.update(made)
    assert cached.embed([Passage("c"), Passage("a b")]) == {}
    assert encoder.encoded == 3
    assert np.allclose(made[content_hash("c")].vector, encoder.encode(["c"])[0])


def test_what_was_begun_before_is_not_begun_again():
    encoder = HashingEncoder()
    with CachedEncoder(encoder, Memory()).ahead() as ahead:
        first, second = (ahead.begin([Passage("a b"), Passage(text)]) for text in ("c", "d"))
        assert set(second.made()) == {content_hash("d")}
        assert set(first.made()) == {content_hash("a b"), content_hash("c")}
    assert encoder.encoded == 3


def test_what_nobody_waits_for_is_given_up():
    class Gated(HashingEncoder):
        entered, left = threading.Event(), threading.Event()

        def encode_passages(self, passages):
            self.entered.set()
            assert self.left.wait(30)
            return super().encode_passages(passages)

    encoder = Gated()
    with pytest.raises(KeyError), CachedEncoder(encoder, Memory(), batch_size=1).ahead() as ahead:
        ahead.begin([Passage(text) for text in "abcdefgh"])
        assert encoder.entered.wait(30)
        threading.Timer(0.1, encoder.left.set).start()
        raise KeyError
    assert encoder.encoded < 8


def test_batches_that_are_encoded_at_once_give_the_same_vectors():
    encoder = open_encoder()
    passages = [Passage(f"Everyone has {days} days of leave. " * (1 + days % 7), ((0, 30),)) for days in range(24)]
    made = CachedEncoder(encoder, Memory()).embed(passages)
    for passage in passages:
        [alone] = encoder.encode_passages([passage])
        assert np.abs(made[content_hash(passage.text)].vector - alone.vector).max() < 1e-5
        assert np.abs(made[content_hash(passage.text)].sentences - alone.sentences).max() < 1e-5
