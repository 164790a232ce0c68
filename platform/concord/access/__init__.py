"""Who may read what: the directory of principals."""

from __future__ import annotations

from concord.access.directory import MAX_TOKENS, Directory, Group, User
from concord.access.errors import AccessError, TooManyTokens, UnknownPrincipal

__all__ = ["MAX_TOKENS", "AccessError", "Directory", "Group", "TooManyTokens", "UnknownPrincipal", "User"]
