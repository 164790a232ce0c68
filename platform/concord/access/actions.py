"""Who may do what: Cedar policies (`policies/*.cedar`), default deny, held against a schema of our own.

Who may read a document is no matter of theirs: its readers alone decide that, whatever is permitted here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from concord.workspace.errors import FileProblem
from concord.workspace.files import Declarations
from concord_taxonomy.standard.tokens import Principal

if TYPE_CHECKING:
    from cedarpy import PolicySet, Schema

FOLDER = "policies"
RESOURCE = "Workspace"
"""Type of what everything is done to."""


class Action(StrEnum):
    """What can be asked of the service; API keys are made for some of these."""

    ASK = "ask"
    SEARCH = "search"
    READ_ITEMS = "read_items"
    READ_CONFLICTS = "read_conflicts"
    READ_SOURCES = "read_sources"
    READ_TAXONOMY = "read_taxonomy"
    READ_TRACES = "read_traces"
    READ_OTHERS_TRACES = "read_others_traces"
    CORRECT = "correct"
    READ_CASES = "read_cases"
    HANDLE_CASES = "handle_cases"
    DECIDE_PROPOSALS = "decide_proposals"
    READ_METRICS = "read_metrics"
    READ_EVALUATIONS = "read_evaluations"


SCHEMA = f"""\
entity Group;
entity User in [Group] {{ department: String }};
entity {RESOURCE};
action {", ".join(f'"{each}"' for each in Action)} appliesTo {{
  principal: [User],
  resource: [{RESOURCE}],
  context: {{ by_key: Bool }}
}};
"""
_OPERATORS = frozenset({Action.READ_OTHERS_TRACES, Action.READ_METRICS, Action.READ_EVALUATIONS})
DEFAULT = f"""\
@id("default.everybody")
permit (
  principal,
  action in [{", ".join(f'Action::"{each}"' for each in Action if each not in _OPERATORS)}],
  resource
);

@id("default.metrics")
permit (principal, action == Action::"{Action.READ_METRICS}", resource) when {{ context.by_key }};
"""
"""What holds where a workspace has no policies of its own."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether something may be done, and the policies that decided it: none where nothing permits it.

    `failed` says that some policy could not be evaluated, which denies whatever the others say.
    """

    allowed: bool
    policies: tuple[str, ...]
    failed: bool = False


@dataclass(frozen=True)
class ActionPolicies:
    """Policies in force, by file; made by `read`, which checks them."""

    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, declarations: Declarations) -> ActionPolicies:
        """The policies of a workspace; raises `FileProblem` for one that Cedar cannot read, or that fits no schema."""
        made = cls({path: text for path, _, text in declarations.under(FOLDER)})
        made.check()
        return made

    def check(self) -> None:
        """Hold each file against the schema; raises `FileProblem`."""
        from cedarpy import PolicySet, validate_policies

        for path, text in self.files.items():
            try:
                PolicySet.from_str(text)
                found = validate_policies(text, self._schema)
            except ValueError as error:
                raise FileProblem(path, f"this is no Cedar policy: {error}") from None
            for wrong in found.errors:
                raise FileProblem(path, wrong.error, found.id_annotations_by_policy_id.get(wrong.policy_id, ""))

    def decide(self, principal: Principal, action: Action, workspace: str, *, by_key: bool) -> Ruling:
        """Whether `principal` may do `action`. A policy that cannot be evaluated denies it."""
        from cedarpy import is_authorized

        groups = sorted(token.partition(":")[2] for token in principal.tokens if token.startswith("group:"))
        user = {
            "uid": {"type": "User", "id": principal.id},
            "attrs": {"department": principal.department or ""},
            "parents": [{"type": "Group", "id": group} for group in groups],
        }
        request = {
            "principal": {"type": "User", "id": principal.id},
            "action": {"type": "Action", "id": action.value},
            "resource": {"type": RESOURCE, "id": workspace},
            "context": {"by_key": by_key},
        }
        result = is_authorized(request, self._policies, json.dumps([user]), self._schema)
        named = result.diagnostics.id_annotations_by_reason
        policies = tuple(named.get(each, each) for each in result.diagnostics.reasons)
        failed = bool(result.diagnostics.errors)
        return Ruling(result.allowed and not failed, policies, failed)

    @cached_property
    def _schema(self) -> Schema:
        from cedarpy import Schema

        return Schema.from_str(SCHEMA)

    @cached_property
    def _policies(self) -> PolicySet:
        from cedarpy import PolicySet

        return PolicySet.from_str("\n".join(self.files.values()) if self.files else DEFAULT)
