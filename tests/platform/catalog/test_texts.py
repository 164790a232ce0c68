"""Texts are kept once, and as long as something refers to them."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from concord.catalog import texts
from concord.catalog.activations import activate
from concord.catalog.engine import reading, writing
from concord.catalog.schema import texts as table
from concord.catalog.storable import storable
from concord.workspace.files import Declarations

anything = st.text(st.characters(), max_size=50)


def count(connection):
    return connection.scalar(select(func.count()).select_from(table))


def test_equal_texts_are_kept_once(engine):
    with writing(engine) as connection:
        texts.keep(connection, ["same", "same", "other"])
        texts.keep(connection, ["same"])
        assert count(connection) == 2
        texts.keep(connection, [])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(anything, max_size=5))
def test_whatever_is_kept_comes_back(engine, values):
    with writing(engine) as connection:
        texts.keep(connection, values)
    with reading(engine) as connection:
        held = texts.load(connection, [texts.text_hash(value) for value in values])
    assert held == {texts.text_hash(value): storable(value) for value in values}


def test_many_are_loaded_at_once_and_unknown_ones_are_left_out(engine):
    values = [f"text {number}" for number in range(1100)]
    with writing(engine) as connection:
        texts.keep(connection, values)
        held = texts.load(connection, [*map(texts.text_hash, values), texts.text_hash("unknown")])
    assert set(held.values()) == set(values)


def test_what_was_ever_declared_is_kept(engine):
    with writing(engine) as connection:
        texts.keep(connection, ["nobody refers to this"])
        for text in ("first", "second"):
            activate(connection, Declarations({"authority.yaml": text}), "user:ann", datetime.now(UTC))
        assert texts.forget_unused(connection) == 1
        assert count(connection) == 2
        assert texts.forget_unused(connection) == 0
