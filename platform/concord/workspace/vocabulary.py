"""`taxonomy/*`: the shared scheme, the departments' schemes and the alignments between them."""

from __future__ import annotations

from concord.workspace.errors import FileProblem
from concord.workspace.files import AT_ROOT, SETTINGS_FILE, Declarations
from concord_taxonomy.skos import Vocabulary, VocabularyError, VocabularyFileError, parse_vocabularies
from concord_taxonomy.skos.files import is_columns


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
