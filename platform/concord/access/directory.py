"""The directory of people and groups: who a principal is, and which reader tokens they hold at this moment."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, model_validator

from concord.access.errors import TooManyTokens, UnknownPrincipal
from concord_taxonomy.standard.tokens import EVERYONE, Principal, ReaderToken, check_token

MAX_TOKENS = 1_000


def _is_token(text: str) -> bool:
    try:
        check_token(text)
    except ValueError:
        return False
    return True


class User(BaseModel):
    """A person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[^\s:@/]+$", max_length=200)
    name: str = ""
    email: str | None = None
    department: str | None = None
    title: str | None = None
    groups: tuple[str, ...] = ()


class Group(BaseModel):
    """A group of people and of other groups."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[^\s:@/]+$", max_length=200)
    name: str = ""
    members: tuple[ReaderToken, ...] = ()


class Directory(BaseModel):
    """People and groups of a workspace (`principals.yaml`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()

    @model_validator(mode="after")
    def _no_dangling_names(self) -> Directory:
        for kind, ids in (("user", [u.id for u in self.users]), ("group", [g.id for g in self.groups])):
            doubled = sorted(name for name, count in Counter(ids).items() if count > 1)
            if doubled:
                raise ValueError(f"{kind} {doubled[0]!r} is declared twice")
        users, groups = {user.id for user in self.users}, {group.id for group in self.groups}
        for user in self.users:
            for name in user.groups:
                if name not in groups:
                    raise ValueError(f"user {user.id!r} is in group {name!r}, which is not declared")
        for group in self.groups:
            for member in group.members:
                kind, _, name = member.partition(":")
                if kind != EVERYONE and name not in (users if kind == "user" else groups):
                    raise ValueError(f"group {group.id!r} has the member {member!r}, which is not declared")
        return self

    def principal(self, name: str) -> Principal:
        """The principal called `name` (`user:amara` or `amara`) with the tokens held now.

        Groups are expanded through nested groups, each visited once. Raises `UnknownPrincipal`, and `TooManyTokens`
        above `MAX_TOKENS`: too many tokens fail closed.
        """
        user_id = name.removeprefix("user:")
        user = self._by_id.get(user_id)
        if user is None:
            raise UnknownPrincipal(name)
        tokens = self._expanded(user.id, user.groups)
        return Principal(user.id, tokens, user.name or user.id, user.department)

    def proved(self, user_id: str, groups: Iterable[str], name: str = "", department: str | None = None) -> Principal:
        """Somebody whom an identity provider knows, in its groups and in those that these put them into here.

        Names that are no tokens are left out; raises `UnknownPrincipal` for such an id, and `TooManyTokens`.
        """
        if not _is_token(f"user:{user_id}"):
            raise UnknownPrincipal(user_id)
        kept = [group for group in groups if _is_token(f"group:{group}")]
        return Principal(user_id, self._expanded(user_id, kept), name or user_id, department)

    def _expanded(self, user_id: str, groups: Iterable[str]) -> frozenset[str]:
        tokens = set[str]()
        for token in self._held_with(EVERYONE, f"user:{user_id}", *(f"group:{group}" for group in groups)):
            tokens.add(token)
            if len(tokens) > MAX_TOKENS:
                raise TooManyTokens(user_id, MAX_TOKENS)
        return frozenset(tokens)

    def may_read(self, holder: str, readers: Iterable[str]) -> bool:
        """Whether a person (`user:…`) or everyone in a group (`group:…`) may read; whoever is not known may not."""
        if holder not in self.tokens or holder == EVERYONE:
            return False
        if holder.startswith("user:"):
            return self.principal(holder).may_read(frozenset(readers))
        held, queue = {EVERYONE, holder}, deque([holder, EVERYONE])
        while queue and len(held) <= MAX_TOKENS:
            found = set(self._groups_with(queue.popleft())) - held
            held |= found
            queue.extend(found)
        return not held.isdisjoint(readers)

    def means_another(self, token: str, but: Collection[str]) -> bool:
        """Whether anybody but these (`user:…`) holds a token."""
        others = (each for each in self.users if f"user:{each.id}" not in but)
        return any(token in self._expanded(each.id, each.groups) for each in others)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Every token that someone can hold."""
        return frozenset(
            {EVERYONE, *(f"user:{user.id}" for user in self.users), *(f"group:{group.id}" for group in self.groups)}
        )

    @cached_property
    def held(self) -> frozenset[str]:
        """Every token of a person who is there, or of a group that anybody is in."""
        theirs = [
            token
            for user in self.users
            for token in (EVERYONE, f"user:{user.id}", *(f"group:{e}" for e in user.groups))
        ]
        return frozenset(self._held_with(*theirs)) - {EVERYONE}

    @cached_property
    def _by_id(self) -> dict[str, User]:
        return {user.id: user for user in self.users}

    def _held_with(self, *tokens: str) -> Iterator[str]:
        """These tokens and those of the groups that whoever holds them is in, each once."""
        found, queue = set[str](), deque(tokens)
        while queue:
            token = queue.popleft()
            if token not in found:
                found.add(token)
                yield token
                queue.extend(self._groups_with(token))

    def _groups_with(self, member: str) -> Iterable[str]:
        return self._containing.get(member, ())

    @cached_property
    def _containing(self) -> dict[str, list[str]]:
        """For each member, the tokens of the groups it is in directly."""
        containing: dict[str, list[str]] = {}
        for group in self.groups:
            for member in group.members:
                containing.setdefault(member, []).append(f"group:{group.id}")
        return containing
