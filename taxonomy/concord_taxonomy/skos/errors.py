"""What can be wrong with vocabularies.

VocabularyError
├── VocabularyFileError       a file cannot be used; knows the file and, where there is one, the line
│   ├── UnknownVocabularyFormat
│   ├── VocabularyTooLarge    over one of the `Limits`
│   ├── EntityDeclaration     RDF/XML with a DOCTYPE or entities
│   ├── VocabularySyntaxError
│   └── NotSkos               well-formed RDF that says something SKOS cannot mean
├── NotWritable               something that no file can say so that it is read the same
├── SharedSchemeUnknown       several schemes, and none is declared as the shared one
└── SharedSchemesDiffer       vocabularies that are merged declare different shared schemes
"""

from __future__ import annotations

from collections.abc import Sequence

from concord_taxonomy.errors import ConcordTaxonomyError


class VocabularyError(ConcordTaxonomyError):
    """A vocabulary cannot be used as it stands."""


class VocabularyFileError(VocabularyError):
    """A vocabulary file cannot be used; `file` is its name and `line` counts from 1 (None: the file as a whole)."""

    def __init__(self, file: str, line: int | None, problem: str) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        super().__init__(f"{file}:{line}: {problem}" if line else f"{file}: {problem}")

    def __reduce__(self) -> tuple[type[VocabularyFileError], tuple[str, int | None, str]]:
        return type(self), (self.file, self.line, self.problem)


class UnknownVocabularyFormat(VocabularyFileError):
    """The file's name does not end like a format that is read."""


class VocabularyTooLarge(VocabularyFileError):
    """The file, one of its literals or its number of statements is over a limit."""


class EntityDeclaration(VocabularyFileError):
    """RDF/XML that declares a document type or entities, which could expand without bound."""


class VocabularySyntaxError(VocabularyFileError):
    """The file is not well-formed."""


class NotSkos(VocabularyFileError):
    """A statement that SKOS gives no meaning to, such as a label without text."""


class NotWritable(VocabularyError):
    """`subject` (an IRI) has something that RDF cannot say, or that would be read as something else."""

    def __init__(self, subject: str, problem: str) -> None:
        self.subject = subject
        self.problem = problem
        super().__init__(f"{subject or 'the vocabulary'} cannot be written: {problem}")

    def __reduce__(self) -> tuple[type[NotWritable], tuple[str, str]]:
        return type(self), (self.subject, self.problem)


class SharedSchemeUnknown(VocabularyError):
    """Several concept schemes, and nothing says which one the others map to."""

    def __init__(self, schemes: Sequence[str], declared: str | None = None) -> None:
        self.schemes = tuple(schemes)
        self.declared = declared
        found = ", ".join(self.schemes) or "none"
        problem = (
            f"the shared scheme {declared} is in no file" if declared else "no scheme is declared as the shared one"
        )
        super().__init__(
            f"{problem} (schemes found: {found}): name the file of the shared scheme shared.ttl, "
            "with one skos:ConceptScheme in it, or pass its IRI as shared_scheme"
        )


class SharedSchemesDiffer(VocabularyError):
    """Vocabularies that are merged declare different shared schemes."""

    def __init__(self, schemes: Sequence[str]) -> None:
        self.schemes = tuple(schemes)
        super().__init__(f"the vocabularies share different schemes ({', '.join(schemes)}): pass shared_scheme")
