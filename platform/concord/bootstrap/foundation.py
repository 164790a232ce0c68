"""The content layer of a workspace: what its files declare, read and validated when it is first asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from concord.access import Directory
from concord.access.actions import ActionPolicies
from concord.authority.errors import PolicyError
from concord.authority.policy import Policy
from concord.usecases import UseCase, read_use_cases
from concord.workspace import Declarations, FileProblem
from concord.workspace.sources import SourceDeclaration, read_sources
from concord.workspace.tags import CuratedTags, read_tags
from concord.workspace.vocabulary import load_vocabulary
from concord.workspace.yaml import read_yaml, validate
from concord_feedback import Ownership, OwnershipError
from concord_taxonomy.skos import Vocabulary
from concord_taxonomy.standard import Principal


@dataclass(frozen=True)
class Foundation:
    """The content layer of a workspace, read and validated."""

    declarations: Declarations

    @cached_property
    def sources(self) -> dict[str, SourceDeclaration]:
        """Sources by id."""
        return read_sources(self.declarations)

    @cached_property
    def directory(self) -> Directory:
        """People and groups."""
        data = self._yaml("principals.yaml")
        return validate("principals.yaml", lambda: Directory(**data))

    @cached_property
    def ownership(self) -> Ownership:
        """Who owns what."""
        try:
            return Ownership.parse(self._yaml("ownership.yaml"))
        except OwnershipError as error:
            raise FileProblem("ownership.yaml", str(error).removeprefix("ownership.yaml: ")) from error

    @cached_property
    def policy(self) -> Policy:
        """Which source wins."""
        try:
            return Policy.read(self._yaml("authority.yaml"))
        except PolicyError as error:
            raise FileProblem("authority.yaml", str(error).removeprefix("authority.yaml: ")) from error

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The shared words."""
        return load_vocabulary(self.declarations)

    @cached_property
    def tags(self) -> Mapping[str, CuratedTags]:
        """What people decided on the tags of items, by item."""
        return read_tags(self.declarations)

    @cached_property
    def actions(self) -> ActionPolicies:
        """Who may do what."""
        return ActionPolicies.read(self.declarations)

    @cached_property
    def use_cases(self) -> dict[str, UseCase]:
        """Use cases by id."""
        return read_use_cases(self.declarations)

    def answers_for(self, who: Principal, source: str, path: str = "") -> bool:
        """Whether `who` is owner, steward or backup of a record, or (without `path`) of a whole source."""
        owner = self.ownership.resolve(source, path)
        return owner is not None and who.may_read([each for each in (owner.owner, owner.steward, owner.backup) if each])

    def holders(self, source: str = "", concepts: Collection[str] = ()) -> tuple[str, ...]:
        """The tokens of those who answer for a source or for concepts: owner, backup, steward.

        Without either, for the workspace as a whole.
        """
        owner = self.ownership.resolve(source, "", concepts)
        return tuple(each for each in (owner.owner, owner.backup, owner.steward) if each) if owner else ()

    def broader_of(self, iri: str) -> frozenset[str]:
        """A concept and those above it, of which an owner owns it too; none where it is not known."""
        return self.vocabulary.broader_closure(iri) if iri in self.vocabulary.concepts else frozenset()

    def _yaml(self, path: str) -> dict[str, Any]:
        return read_yaml(path, self.declarations.files.get(path, ""))
