"""Texts of many threads go through the model together, and each thread gets its own vectors."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from concord.embedding import Encoder
from concord.embedding.batched import MAX_BATCH, BatchedEncoder
from concord.embedding.hashing_encoder import HashingEncoder


class Gated(HashingEncoder):
    """Lets the first batch go once it is told to."""

    def __init__(self):
        super().__init__()
        self.batches, self.begun, self.gate = [], threading.Event(), threading.Event()

    def encode(self, texts):
        self.batches.append(list(texts))
        self.begun.set()
        assert self.gate.wait(10)
        if "bad" in texts:
            raise ValueError("a bad text")
        return super().encode(texts)


def together(encoder, texts):
    """Encode each text in a thread of its own, all but the first while the first runs."""
    batched = BatchedEncoder(encoder)
    with ThreadPoolExecutor(len(texts)) as pool:
        first = pool.submit(batched.encode, [texts[0]])
        assert encoder.begun.wait(10)
        others = [pool.submit(batched.encode, [text]) for text in texts[1:]]
        while len(batched._queue) < len(others):
            pass
        encoder.gate.set()
        return [each.exception(10) or each.result() for each in (first, *others)]


def test_it_is_an_encoder():
    batched = BatchedEncoder(HashingEncoder())
    assert isinstance(batched, Encoder)
    assert (batched.model, batched.dimension, batched.max_tokens) == ("hashing@1", 64, 256)
    assert batched.count_tokens(["one two"]) == [2]


def test_whoever_waits_goes_with_the_next_batch_and_gets_their_own():
    encoder, texts = Gated(), [f"question {n}" for n in range(8)]
    vectors = together(encoder, texts)
    assert [len(batch) for batch in encoder.batches] == [1, 7]
    assert np.array_equal(np.vstack(vectors), HashingEncoder().encode(texts))


def test_a_batch_has_a_limit():
    encoder = Gated()
    together(encoder, [f"question {n}" for n in range(MAX_BATCH + 5)])
    assert [len(batch) for batch in encoder.batches] == [1, MAX_BATCH, 4]


def test_an_error_is_told_to_everyone_of_its_batch_and_to_nobody_else():
    encoder = Gated()
    first, *others = together(encoder, ["good", "bad", "other"])
    assert first.shape == (1, 64) and all(isinstance(each, ValueError) for each in others)
    assert BatchedEncoder(encoder).encode(["good"]).shape == (1, 64)


@pytest.mark.parametrize("count", [0, 1, 100])
def test_texts_of_one_call_stay_together(count):
    texts = [str(n) for n in range(count)]
    assert np.array_equal(BatchedEncoder(HashingEncoder()).encode(texts), HashingEncoder().encode(texts))
