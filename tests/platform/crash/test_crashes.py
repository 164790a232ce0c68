"""Killed at any point and run again, catalog and index are what they are after a run that nobody disturbed."""

import pytest

QUICK = (0, 1, 2, 3, 4)
SEEDS = 200


def crash(house, number: int) -> None:
    seed = house.seed(number)
    fired, wrong = house.disturb(seed)
    again = f'pytest "{__file__}::test_any_seed[{number}]"'
    assert not wrong, "\n".join([f"{seed} ({'it came' if fired else 'it did not come'}); again: {again}", *wrong])


@pytest.mark.parametrize("number", QUICK)
def test_some_seeds(house, number):
    crash(house, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(SEEDS))
def test_any_seed(house, number):
    crash(house, number)


def test_the_points_cover_every_stage(house):
    """Should a stage lose its points by a change of names, the seeds would no longer reach it."""
    passed = {label.split(" ", 1)[1] for counted in house.points for label in counted}
    for stage in (
        "catalog.create.items",
        "catalog.insert.activations",
        "catalog.commit.before",
        "catalog.insert.outbox",
        "catalog.delete.outbox",
        "catalog.delete.records",
        "catalog.delete.embeddings",
        "client.upsert.after",
        "client.delete_item.after",
        "client.flush.before",
        "client.answer.before",
        "engine.create.before",
        "engine.load.after",
        "engine.write.after",
        "engine.flush.before",
        "engine.current.before",
        "engine.carry_over.after",
        "file.shutil.copytree.shard-000001",
        "file.shutil.rmtree.shard-000001",
    ):
        assert stage in passed, sorted(passed)
