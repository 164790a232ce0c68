"""What the columns of a CSV term list mean: the YAML file beside it, `finance.yaml` beside `finance.csv`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from concord_taxonomy.skos.errors import VocabularySyntaxError, VocabularyTooLarge

_MAX_BYTES = 64 * 1024

Property = Literal[
    "id", "prefLabel", "altLabel", "hiddenLabel", "definition", "notation", "broader", "narrower", "related",
    "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "deprecated", "isReplacedBy",
]  # fmt: skip


def _spelt_out(value: Any) -> Any:
    """`altLabel@de` as property and language."""
    if not isinstance(value, str):
        return value
    name, _, language = value.partition("@")
    return {"property": name, **({"language": language} if language else {})}


class Column(BaseModel):
    """What a column holds: a property of SKOS, in a language, of one value or several parted by `separator`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    property: Property
    language: str | None = Field(None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
    separator: str = ""


class Columns(BaseModel):
    """The columns of a term list by their names in its first line, and the scheme that its terms are in.

    A term's IRI is `namespace` (by default that of `scheme`) and what its `id` column says, which may be a whole IRI;
    without such a column, the words of its first preferred label. Columns that are not named are not read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")
    namespace: str = Field("", pattern=r"^$|^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")
    title: str = ""
    publisher: str = ""
    language: str = Field("en", pattern=r"^$|^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
    delimiter: str = Field(",", min_length=1, max_length=1)
    columns: dict[str, Annotated[Column, BeforeValidator(_spelt_out)]]

    @model_validator(mode="after")
    def _has_labels(self) -> Columns:
        named = [column.property for column in self.columns.values()]
        if "prefLabel" not in named:
            raise ValueError("columns: one of them must be prefLabel, the term itself")
        if named.count("id") > 1:
            raise ValueError("columns: only one of them can be id")
        return self

    @property
    def base(self) -> str:
        """What stands before an id in an IRI."""
        return self.namespace or (self.scheme if self.scheme[-1] in "/#" else f"{self.scheme}/")


def read_columns(data: bytes, file: str) -> Columns:
    """Read the YAML `data` of `file`; raises a `VocabularyFileError` that names the place."""
    if len(data) > _MAX_BYTES:
        raise VocabularyTooLarge(file, None, f"larger than {_MAX_BYTES:,} bytes: it only says what columns mean")
    try:
        return Columns.model_validate(yaml.safe_load(data) or {})
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise VocabularySyntaxError(file, line, f"not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise VocabularySyntaxError(file, None, "not YAML") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = str(first["msg"]).removeprefix("Value error, ")
        raise VocabularySyntaxError(file, None, f"{place}: {message}" if place else message) from error
