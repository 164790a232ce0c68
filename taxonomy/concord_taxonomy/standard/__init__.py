"""The metadata standard: `ContentItem`, references, principals and the mapping from any source record."""

from concord_taxonomy.standard.apply import MappingResult, apply_mapping
from concord_taxonomy.standard.errors import Issue, MappingError, StandardError, UpgradeError
from concord_taxonomy.standard.expression import Expression
from concord_taxonomy.standard.item import (
    AccessRights,
    Activity,
    AuthorityTier,
    ContentItem,
    Derivation,
    Origin,
    Status,
    modified_date,
)
from concord_taxonomy.standard.mapping import Mapping, Match, Rule, mapping_fingerprint
from concord_taxonomy.standard.parse import parse_mapping
from concord_taxonomy.standard.paths import RECORD_ROOTS
from concord_taxonomy.standard.problems import Problem, validation_problems
from concord_taxonomy.standard.refs import ItemRef
from concord_taxonomy.standard.report import FieldCoverage, FieldProblems, MappingReport, Sample
from concord_taxonomy.standard.schema import content_item_schema
from concord_taxonomy.standard.tokens import EVERYONE, Principal, ReaderToken, check_token, common_readers
from concord_taxonomy.standard.turtle import to_turtle
from concord_taxonomy.standard.version import STANDARD_VERSION, upgrade, upgrade_mapping

__all__ = [
    "EVERYONE",
    "RECORD_ROOTS",
    "STANDARD_VERSION",
    "AccessRights",
    "Activity",
    "AuthorityTier",
    "ContentItem",
    "Derivation",
    "Expression",
    "FieldCoverage",
    "FieldProblems",
    "Issue",
    "ItemRef",
    "Mapping",
    "MappingError",
    "MappingReport",
    "MappingResult",
    "Match",
    "Origin",
    "Principal",
    "Problem",
    "ReaderToken",
    "Rule",
    "Sample",
    "StandardError",
    "Status",
    "UpgradeError",
    "apply_mapping",
    "check_token",
    "common_readers",
    "content_item_schema",
    "mapping_fingerprint",
    "modified_date",
    "parse_mapping",
    "to_turtle",
    "upgrade",
    "upgrade_mapping",
    "validation_problems",
]
