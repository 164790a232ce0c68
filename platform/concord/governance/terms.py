"""Changes of terms as operations of proposals: made of the files of `taxonomy/`, whatever these say by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from concord.governance.changes import Files
from concord.workspace import Declarations, FileProblem
from concord_taxonomy.changes import (
    DECISIONS,
    AddConcept,
    AlignConcepts,
    ChangeConcept,
    DeprecateConcept,
    MergeConcepts,
    SplitConcept,
    TermChange,
    make,
    parse_change,
    touched,
)
from concord_taxonomy.skos import VocabularyFileError
from concord_taxonomy.skos.model import tail

KIND = "taxonomy"
DECISIONS_FILE = f"taxonomy/{DECISIONS}"
"""Where a workspace keeps what was decided on pairs of concepts."""


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

    def summary(self, label: Callable[[str], str] = tail) -> str:
        """What it does, in a line; `label` gives the words for a concept's IRI."""
        change = self.change
        match change:
            case AddConcept():
                return f"add {change.pref_label[0].text}"
            case MergeConcepts():
                return f"merge {label(change.lost)} into {label(change.kept)}"
            case SplitConcept():
                return f"split {label(change.iri)} into {', '.join(part.label.text for part in change.into)}"
            case DeprecateConcept():
                return f"deprecate {label(change.iri)}" + (
                    f", use {label(change.replaced_by)}" if change.replaced_by else ""
                )
            case AlignConcepts():
                return f"{label(change.iri)} {change.relation or 'is not aligned with'} {label(change.target)}"
            case ChangeConcept():
                return f"change {label(change.iri)}"

    def files(self, declarations: Declarations) -> Files:
        """The files of the vocabulary that it changes; raises a `ChangeError` or `FileProblem`."""
        try:
            return {
                path: data.decode()
                for path, data in make(self.change, _vocabulary(declarations), DECISIONS_FILE).items()
            }
        except VocabularyFileError as error:
            raise FileProblem(error.file, error.problem, f"line {error.line}" if error.line else "") from error

    def touched(self, declarations: Declarations) -> str:
        """Every statement that it may move or rest on."""
        return touched(self.change, _vocabulary(declarations))


def _vocabulary(declarations: Declarations) -> dict[str, bytes]:
    return {path: text.encode() for path, _, text in declarations.under("taxonomy")}
