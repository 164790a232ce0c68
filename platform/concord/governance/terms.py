"""Changes of terms as operations of proposals: made of the files of `taxonomy/`, whatever these say by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from concord.governance.changes import Files
from concord.workspace import Declarations, FileProblem
from concord_taxonomy.changes import (
    AlignConcepts,
    DeprecateConcept,
    MergeConcepts,
    SplitConcept,
    TermChange,
    concepts_of,
    make,
    parse_change,
    touched,
)
from concord_taxonomy.skos import VocabularyFileError
from concord_taxonomy.skos.model import tail

KIND = "taxonomy"


@dataclass(frozen=True, slots=True)
class TermOperation:
    """A change of a term."""

    change: TermChange

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> TermOperation:
        """The operation that a proposal keeps."""
        return cls(parse_change(data))

    def to_json(self) -> dict[str, Any]:
        """The values that a proposal keeps."""
        return self.change.model_dump(mode="json")

    @property
    def summary(self) -> str:
        """What it does, in a line."""
        change, named = self.change, [tail(iri) for iri in concepts_of(self.change)]
        match change:
            case MergeConcepts():
                return f"merge {named[0]} into {named[1]}"
            case SplitConcept():
                return f"split {named[0]} into {', '.join(named[1:])}"
            case DeprecateConcept():
                return f"deprecate {named[0]}" + (f", use {named[1]}" if change.replaced_by else "")
            case AlignConcepts():
                return f"{named[0]} {change.relation or 'is not aligned with'} {named[1]}"
        return f"{change.operation} {named[0]}"

    def files(self, declarations: Declarations) -> Files:
        """The files of the vocabulary that it changes; raises a `ChangeError` or `FileProblem`."""
        try:
            return {path: data.decode() for path, data in make(self.change, _vocabulary(declarations)).items()}
        except VocabularyFileError as error:
            raise FileProblem(error.file, error.problem, f"line {error.line}" if error.line else "") from error

    def touched(self, declarations: Declarations) -> str:
        """Every statement that it may move or rest on."""
        return touched(self.change, _vocabulary(declarations))


def _vocabulary(declarations: Declarations) -> dict[str, bytes]:
    return {path: text.encode() for path, _, text in declarations.under("taxonomy")}
