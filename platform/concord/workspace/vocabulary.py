"""`taxonomy/*`: the shared scheme, the departments' schemes and the alignments between them."""

from __future__ import annotations

from concord.workspace.errors import FileProblem
from concord.workspace.files import AT_ROOT, SETTINGS_FILE, Declarations
from concord_taxonomy.quality import broken_by
from concord_taxonomy.quality.hierarchy import Hierarchy
from concord_taxonomy.skos import Vocabulary, VocabularyError, VocabularyFileError, parse_vocabularies
from concord_taxonomy.skos.files import is_columns, line_of_statement, vocabulary_files
from concord_taxonomy.skos.properties import DCTERMS
from concord_taxonomy.skos.statement import Limits


def load_vocabulary(declarations: Declarations, *, shared_scheme: str | None = None) -> Vocabulary:
    """The vocabulary of a workspace (empty without files); raises `FileProblem`.

    The shared scheme is that of the file called `shared`, unless it is given.
    """
    files = {path: text.encode() for path, _, text in declarations.under("taxonomy")}
    for name in AT_ROOT:
        path = f"taxonomy/{name}"
        if path in files and not is_columns(path, files):
            raise FileProblem(path, f"belongs in the root of the workspace, beside {SETTINGS_FILE}: move it there")
    try:
        return parse_vocabularies(files, shared_scheme=shared_scheme)
    except VocabularyFileError as error:
        raise FileProblem(error.file, error.problem, f"line {error.line}" if error.line else "") from error
    except VocabularyError as error:
        raise FileProblem("taxonomy", str(error)) from error


def vocabulary_broken_by(before: Declarations, after: Declarations) -> list[str]:
    """What breaks SKOS in the vocabulary `after` a change and did not before, as `concord taxonomy check` says it.

    It may be put in force all the same: vocabularies of others have such errors, and are of use. Files that cannot be
    read are another matter (`load_vocabulary`).
    """
    files = [{path: text.encode() for path, _, text in each.under("taxonomy")} for each in (before, after)]
    return broken_by(*files) if files[0] != files[1] else []


def check_vocabulary(declarations: Declarations) -> None:
    """Raise `FileProblem` where the vocabulary cannot be read, or concepts are replaced by themselves."""
    replaced = {
        iri: set(concept.is_replaced_by)
        for iri, concept in load_vocabulary(declarations).concepts.items()
        if concept.is_replaced_by
    }
    ring = min((sorted(each) for each in Hierarchy(replaced).rings()), default=None)
    if ring is None:
        return
    others = ", ".join(ring[1:])
    way = f", by way of {others}" if others else ""
    problem = f"{ring[0]} is replaced by itself{way}: remove one dcterms:isReplacedBy of the ring"
    files = {path: text.encode() for path, _, text in declarations.under("taxonomy")}
    for file, found in vocabulary_files(files, Limits()):
        for each in found:
            if each.subject == ring[0] and each.predicate == f"{DCTERMS}isReplacedBy" and each.object.iri in ring:
                line = line_of_statement(files[file], file, each)
                raise FileProblem(file, problem, f"line {line}" if line else "")
    raise FileProblem("taxonomy", problem)
