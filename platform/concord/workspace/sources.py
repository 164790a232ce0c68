"""`sources/*.yaml`: the declared content sources."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from concord.workspace.errors import FileProblem
from concord.workspace.files import Declarations
from concord.workspace.schedule import Schedule, parse_schedule
from concord.workspace.yaml import expand_variables, read_yaml
from concord_taxonomy.standard import Mapping, MappingError, mapping_fingerprint, parse_mapping

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_KEYS = {"title", "description", "connector", "options", "mapping", "schedule"}


@dataclass(frozen=True, slots=True)
class SourceDeclaration:
    """One content source: the connector that reads it and the mapping that describes its records."""

    id: str
    title: str
    connector: str
    options: dict[str, Any] = field(repr=False)
    mapping: Mapping = field(repr=False)
    schedule: Schedule | None = None
    """When `concord worker` syncs it; None: only `concord sync` does."""

    @property
    def crawl_fingerprint(self) -> str:
        """Changes when the source has to be crawled anew."""
        return hashlib.sha256(
            json.dumps([self.connector, self.options], sort_keys=True, default=str).encode()
        ).hexdigest()[:16]

    @property
    def mapping_fingerprint(self) -> str:
        """Changes when its records have to be mapped anew."""
        return mapping_fingerprint(self.mapping)


def read_sources(declarations: Declarations) -> dict[str, SourceDeclaration]:
    """The declared sources by id; raises `FileProblem`."""
    standard = declarations.standard
    return {stem: _source(path, stem, text, standard) for path, stem, text in declarations.under("sources")}


def _source(path: str, stem: str, text: str, standard: str) -> SourceDeclaration:
    if not _ID.fullmatch(stem):
        raise FileProblem(path, "a source's file name is its id: lower-case letters, digits and hyphens")
    data = read_yaml(path, text)
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise FileProblem(path, f"unknown key {unknown[0]!r}: one of {', '.join(sorted(_KEYS))}")
    connector = data.get("connector")
    if not isinstance(connector, str):
        raise FileProblem(path, "missing: name the connector that reads the source, such as files or git", "connector")
    options = data.get("options") or {}
    if not isinstance(options, dict):
        raise FileProblem(path, "must be a mapping of option names to values", "options")
    try:
        mapping = parse_mapping(_of_standard(standard, data.get("mapping") or {}))
    except MappingError as error:
        raise FileProblem(path, str(error), "mapping") from error
    try:
        schedule = parse_schedule(data["schedule"]) if "schedule" in data else None
    except ValueError as error:
        raise FileProblem(path, str(error), "schedule") from error
    title = str(data.get("title") or stem)
    return SourceDeclaration(stem, title, connector, expand_variables(path, options), mapping, schedule)


def _of_standard(version: str, mapping: Any) -> Any:
    """The mapping, upgraded on the way from the version of the workspace unless it names one of its own."""
    return {"standard": version, **mapping} if isinstance(mapping, dict) else mapping
