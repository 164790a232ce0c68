"""Reader tokens that two lists have in common."""

import pytest

from concord_taxonomy.standard import common_readers


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (["group:a", "group:b"], ["group:b", "group:c"], ("group:b",)),
        (["everyone"], ["group:b", "group:a"], ("group:a", "group:b")),
        (["everyone"], ["everyone"], ("everyone",)),
        (["everyone", "group:a"], ["group:b"], ("group:b",)),
        (["group:a"], ["group:b"], ()),
        ([], ["everyone"], ()),
        ([], [], ()),
    ],
)
def test_only_who_may_read_both(one, other, both):
    assert common_readers(one, other) == common_readers(other, one) == both
