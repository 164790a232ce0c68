import re
from pathlib import Path

import pytest
import yaml

from concord_taxonomy.standard import Expression, parse_mapping

DOCS = Path(__file__).parents[3] / "docs"


def examples(page: str) -> list[dict[str, object]]:
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]
    return [block["mapping"] for block in blocks if isinstance(block, dict) and "mapping" in block]


@pytest.mark.parametrize("page", ["mapping.md", "workspace.md"])
def test_documented_mappings_can_be_read(page: str) -> None:
    mappings = examples(page)
    assert mappings
    for mapping in mappings:
        assert parse_mapping(mapping).fields


def test_every_key_of_an_expression_is_documented() -> None:
    text = (DOCS / "mapping.md").read_text(encoding="utf-8")
    assert [key for key in Expression.model_fields if f"| `{key}` |" not in text] == []


def test_the_samples_mappings_can_be_read() -> None:
    for file in (DOCS.parent / "examples").glob("*/sources/*.yaml"):
        assert parse_mapping(yaml.safe_load(file.read_text(encoding="utf-8"))["mapping"]).fields
