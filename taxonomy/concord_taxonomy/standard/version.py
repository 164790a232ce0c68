"""The version of the metadata standard, and how older data is brought to it.

A change of the standard adds one row to `STEPS`: which version it starts from, which it gives, and which names changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from concord_taxonomy.standard.errors import UpgradeError

STANDARD_VERSION = "1.0"
"""Version of the metadata standard that this package implements (major.minor)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the standard: `renamed` maps the field names of `source` to those of `target`."""

    source: str
    target: str
    renamed: Mapping[str, str]


STEPS: tuple[Step, ...] = (
    Step(
        source="0.9",
        target="1.0",
        # 1.0 took the names of DCTERMS and DCAT throughout.
        renamed=MappingProxyType(
            {"department": "publisher", "owner": "contact_point", "confidentiality": "access_rights"}
        ),
    ),
)


def upgrade(data: Mapping[str, Any], from_version: str) -> dict[str, Any]:
    """Return an item's dict, written under `from_version`, in the terms of `STANDARD_VERSION`.

    `data` is left as it is. Raises `UpgradeError` for a newer or unknown version, or where a field stands under its
    old and its new name.
    """
    item = dict(data)
    for step in _path(from_version):
        item = _renamed(item, step, from_version)
        if isinstance(origins := item.get("field_origin"), Mapping):
            item["field_origin"] = _renamed(origins, step, from_version)
    return item


def upgrade_mapping(data: Mapping[str, Any], from_version: str) -> dict[str, Any]:
    """Return a mapping's dict (`fields`, `rules`) in the terms of `STANDARD_VERSION`."""
    mapping = dict(data)
    for step in _path(from_version):
        if isinstance(fields := mapping.get("fields"), Mapping):
            mapping["fields"] = _renamed(fields, step, from_version)
        if isinstance(rules := mapping.get("rules"), list):
            mapping["rules"] = [_rule(rule, step, from_version) for rule in rules]
    return mapping


def _rule(rule: Any, step: Step, version: str) -> Any:
    if not isinstance(rule, Mapping):
        return rule
    return {
        key: _renamed(part, step, version) if key in ("set", "add") and isinstance(part, Mapping) else part
        for key, part in rule.items()
    }


def _renamed(data: Mapping[str, Any], step: Step, version: str) -> dict[str, Any]:
    for old, new in step.renamed.items():
        if old in data and new in data:
            raise UpgradeError(
                version, f"{old} (version {version}) and {new} (its name since {step.target}) both stand: delete one"
            )
    return {step.renamed.get(name, name): value for name, value in data.items()}


def _path(version: str) -> list[Step]:
    steps: list[Step] = []
    reached = version
    while reached != STANDARD_VERSION:
        step = next((step for step in STEPS if step.source == reached), None)
        if step is None:
            raise UpgradeError(version, _refusal(version))
        steps.append(step)
        reached = step.target
    return steps


def _refusal(version: str) -> str:
    known = ", ".join([step.source for step in STEPS] + [STANDARD_VERSION])
    numbers = [part for part in version.split(".") if part.isascii() and part.isdigit()]
    if len(numbers) == 2 == version.count(".") + 1 and [int(part) for part in numbers] > [
        int(part) for part in STANDARD_VERSION.split(".")
    ]:
        return (
            f"this was written under version {version} of the metadata standard, and {STANDARD_VERSION} is installed: "
            "upgrade Concord (pip install --upgrade concord-rag)"
        )
    return (
        f"{version!r} is no version of the metadata standard that can be read (known: {known}): correct the version, "
        "or export the data again from its source"
    )
