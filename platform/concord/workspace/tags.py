"""`tags.yaml`: concepts that people gave to items or took from them, whatever the words of the items say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from concord.workspace.errors import FileProblem
from concord.workspace.files import Declarations
from concord.workspace.yaml import read_yaml, validate

TAGS_FILE = "tags.yaml"
_Iri = Annotated[str, Field(min_length=1)]


class CuratedTags(BaseModel):
    """What a curator decided on one item: concepts (IRIs) that it has, and concepts that it has not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    identifier: str = Field(min_length=1)
    add: tuple[_Iri, ...] = ()
    remove: tuple[_Iri, ...] = ()
    by: str = ""
    why: str = ""


class _TagsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tags: tuple[CuratedTags, ...] = ()


def read_tags(declarations: Declarations) -> Mapping[str, CuratedTags]:
    """Decisions by item; raises `FileProblem`."""
    data = read_yaml(TAGS_FILE, declarations.files.get(TAGS_FILE, ""))
    found: dict[str, CuratedTags] = {}
    for number, each in enumerate(validate(TAGS_FILE, lambda: _TagsFile(**data)).tags):
        if each.identifier in found:
            raise FileProblem(TAGS_FILE, f"{each.identifier} is there twice: say it in one place", f"tags.{number}")
        if both := sorted(set(each.add).intersection(each.remove)):
            raise FileProblem(TAGS_FILE, f"{both[0]} is added and removed: keep one", f"tags.{number}")
        found[each.identifier] = each
    return found
