from itertools import pairwise

import pytest

from concord_taxonomy.standard import STANDARD_VERSION, ContentItem, UpgradeError, upgrade, upgrade_mapping
from concord_taxonomy.standard.version import STEPS

OLD = {
    "identifier": "s/a",
    "source": "s",
    "title": "A",
    "was_derived_from": {"native_id": "a"},
    "department": "People",
    "owner": "user:ann",
    "confidentiality": "confidential",
    "field_origin": {"department": "rule", "title": "connector"},
}


def test_an_old_item_becomes_one_of_today() -> None:
    before = dict(OLD)
    item = ContentItem.model_validate(upgrade(OLD, "0.9"))
    assert (item.publisher, item.contact_point, item.access_rights) == ("People", "user:ann", "confidential")
    assert set(item.field_origin) == {"publisher", "title"}
    assert before == OLD


def test_todays_data_stays_as_it_is() -> None:
    data = upgrade(OLD, "0.9")
    assert upgrade(data, STANDARD_VERSION) == data


def test_mappings_are_upgraded_in_fields_and_rules() -> None:
    old = {
        "fields": {"department": {"const": "People"}},
        "rules": [{"match": {"path": "a/**"}, "set": {"confidentiality": "restricted"}}, "odd"],
    }
    new = upgrade_mapping(old, "0.9")
    assert new["fields"] == {"publisher": {"const": "People"}}
    assert new["rules"] == [{"match": {"path": "a/**"}, "set": {"access_rights": "restricted"}}, "odd"]


@pytest.mark.parametrize(
    ("version", "way_out"),
    [
        ("2.0", "pip install --upgrade"),
        ("1.1", "pip install --upgrade"),
        ("0.1", "known: 0.9, 1.0"),
        ("", "known:"),
        ("x.y", "known:"),
    ],
)
def test_other_versions_are_refused_with_the_way_out(version: str, way_out: str) -> None:
    with pytest.raises(UpgradeError) as caught:
        upgrade({}, version)
    assert way_out in str(caught.value)
    assert caught.value.version == version


def test_a_field_under_both_names_is_refused() -> None:
    with pytest.raises(UpgradeError, match="delete one"):
        upgrade(OLD | {"publisher": "Finance"}, "0.9")


def test_steps_lead_to_today_and_rename_to_fields_that_exist() -> None:
    assert STEPS[-1].target == STANDARD_VERSION
    assert all(one.target == following.source for one, following in pairwise(STEPS))
    assert set(STEPS[-1].renamed.values()) <= set(ContentItem.model_fields)
