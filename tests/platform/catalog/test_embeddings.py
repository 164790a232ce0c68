"""Vectors come back: those of passages exactly, those of sentences in half precision, and never another model's."""

import numpy as np
import pytest
from sqlalchemy import select

from concord.catalog.chunks import Chunk, replace_chunks
from concord.catalog.embeddings import (
    EmbeddingStore,
    forget_unused,
    keep_pages,
    keep_vectors,
    likenesses,
    load_embedded,
    load_pages,
    load_vectors,
)
from concord.catalog.engine import reading, writing
from concord.catalog.schema import embeddings
from concord.embedding import Embedded

MODEL = "model@1"


def made(rows, seed=0, dimension=384):
    random = np.random.default_rng(seed)

    def unit(shape):
        vectors = random.standard_normal(shape).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)

    return Embedded(unit(dimension), unit((rows, dimension)))


@pytest.mark.parametrize("rows", [0, 1, 17])
def test_a_passage_comes_back_with_its_sentences(engine, rows):
    kept = made(rows)
    with writing(engine) as connection:
        keep_vectors(connection, MODEL, {"a": kept})
    question = made(0, seed=1).vector
    with reading(engine) as connection:
        held = load_embedded(connection, MODEL, ["a", "unknown"])
        assert np.array_equal(load_vectors(connection, MODEL, ["a"])["a"], kept.vector)
    assert set(held) == {"a"}
    (like,) = likenesses([held["a"]], question)
    assert like.passage == pytest.approx(float(kept.vector @ question), abs=1e-6)
    assert like.sentences == pytest.approx((kept.sentences @ question).tolist(), abs=1e-3)
    assert len(like.sentences) == rows


def test_each_passage_gets_the_likeness_of_its_own_sentences():
    several, question = [made(rows, seed=rows) for rows in (0, 3, 0, 1)], made(0, seed=9).vector
    for one, like in zip(several, likenesses(several, question), strict=True):
        assert like.passage == pytest.approx(float(one.vector @ question), abs=1e-6)
        assert like.sentences == pytest.approx((one.sentences @ question).tolist(), abs=1e-6)
    assert likenesses([], question) == []


def test_half_precision_is_kept_on_disk_and_moves_no_cosine_by_a_thousandth(engine):
    kept, question = made(40), made(0, seed=1).vector
    with writing(engine) as connection:
        keep_vectors(connection, MODEL, {"a": kept})
        row = connection.execute(select(embeddings)).one()
        (held,) = likenesses([load_embedded(connection, MODEL, ["a"])["a"]], question)
    assert (len(row.vector), len(row.sentences)) == (384 * 4, 40 * 384 * 2)
    assert np.abs(np.array(held.sentences) - kept.sentences @ question).max() < 1e-3


def test_what_is_kept_is_not_written_over(engine):
    with writing(engine) as connection:
        keep_vectors(connection, MODEL, {"a": made(1)})
        keep_vectors(connection, MODEL, {"a": made(1, seed=9), "b": made(1)})
        keep_vectors(connection, MODEL, {})
        assert np.array_equal(load_vectors(connection, MODEL, ["a"])["a"], made(1).vector)


def test_models_never_mix(engine):
    with writing(engine) as connection:
        keep_vectors(connection, "other@1", {"a": made(1)})
        assert not load_vectors(connection, MODEL, ["a"]) and not load_embedded(connection, MODEL, ["a"])
    assert EmbeddingStore(engine).held(MODEL, ["a"]) == set()
    assert EmbeddingStore(engine).held("other@1", ["a"]) == {"a"}


def test_many_are_asked_for_at_once(engine):
    keys = [f"k{number}" for number in range(1100)]
    with writing(engine) as connection:
        keep_vectors(connection, MODEL, dict.fromkeys(keys, made(1, dimension=4)))
        assert set(load_vectors(connection, MODEL, [*keys, *keys])) == set(keys)
        assert set(load_embedded(connection, MODEL, [*keys, *keys])) == set(keys)
    assert EmbeddingStore(engine).held(MODEL, keys) == set(keys)


def test_vectors_of_no_passage_or_another_model_are_forgotten(engine):
    with writing(engine) as connection:
        keep_vectors(connection, MODEL, {"held": made(1), "unused": made(1)})
        keep_vectors(connection, "old@1", {"held": made(1)})
        replace_chunks(connection, "s/a", 1, [Chunk(0, (), "Text.", 0, "held")])
        assert forget_unused(connection, MODEL) == 2
        assert set(load_vectors(connection, MODEL, ["held", "unused"])) == {"held"}


def test_vectors_of_labels_are_kept_on_request(engine):
    with writing(engine) as connection:
        keep_vectors(connection, MODEL, {"label": made(0), "unused": made(0)})
        assert forget_unused(connection, MODEL, labels={"label"}) == 1
        assert set(load_vectors(connection, MODEL, ["label", "unused"])) == {"label"}


def test_a_key_is_found_whatever_it_holds(engine):
    keys = ['"', "'", "],[", "{a}", "\\", "é", "a\x00b"]
    with writing(engine) as connection:
        keep_vectors(connection, MODEL, {key: made(0) for key in keys})
        assert set(load_vectors(connection, MODEL, keys)) == {*keys[:-1], "a\ufffdb"}


def test_the_vector_of_an_item_is_replaced_and_goes_with_it(engine):
    first, second = made(0).vector, made(0, seed=3).vector
    with writing(engine) as connection:
        keep_pages(connection, MODEL, {"s/a": first, "s/b": first})
        keep_pages(connection, "other@1", {"s/a": first})
        keep_pages(connection, MODEL, {"s/a": second, "s/b": None})
        held = load_pages(connection, MODEL, ["s/a", "s/b", "s/c"])
        assert held.keys() == {"s/a"} and (held["s/a"] == second).all()
        forget_unused(connection, MODEL)
        assert not load_pages(connection, "other@1", ["s/a"])
        assert load_pages(connection, MODEL, ["s/a"])
