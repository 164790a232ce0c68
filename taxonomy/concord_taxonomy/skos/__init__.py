"""SKOS vocabularies: concepts, schemes, how they map to the shared scheme, and reading them from files."""

from concord_taxonomy.skos.convert import convert, write_terms
from concord_taxonomy.skos.errors import (
    EntityDeclaration,
    NotSkos,
    NotWritable,
    SharedSchemesDiffer,
    SharedSchemeUnknown,
    UnknownVocabularyFormat,
    VocabularyError,
    VocabularyFileError,
    VocabularySyntaxError,
    VocabularyTooLarge,
)
from concord_taxonomy.skos.files import ENDINGS
from concord_taxonomy.skos.links import Link, LinkKind
from concord_taxonomy.skos.model import Concept, Label, Scheme
from concord_taxonomy.skos.reader import parse_vocabularies, parse_vocabulary, read_folder, read_vocabulary
from concord_taxonomy.skos.statement import Limits
from concord_taxonomy.skos.vocabulary import Vocabulary
from concord_taxonomy.skos.writer import write_vocabulary

__all__ = [
    "ENDINGS",
    "Concept",
    "EntityDeclaration",
    "Label",
    "Limits",
    "Link",
    "LinkKind",
    "NotSkos",
    "NotWritable",
    "Scheme",
    "SharedSchemeUnknown",
    "SharedSchemesDiffer",
    "UnknownVocabularyFormat",
    "Vocabulary",
    "VocabularyError",
    "VocabularyFileError",
    "VocabularySyntaxError",
    "VocabularyTooLarge",
    "convert",
    "parse_vocabularies",
    "parse_vocabulary",
    "read_folder",
    "read_vocabulary",
    "write_terms",
    "write_vocabulary",
]
