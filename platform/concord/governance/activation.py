"""Putting the content layer in force: its digest is the policy version that every decision names."""

from __future__ import annotations

from sqlalchemy import Engine

from concord.catalog.engine import reading
from concord.governance.comparing import Activation, compared
from concord.governance.proposals import Proposals
from concord.workspace import Declarations

__all__ = ["Activation", "apply", "compare"]


def compare(engine: Engine, declarations: Declarations) -> Activation:
    """What activating these declarations would change; `new` where they are not in force already."""
    with reading(engine) as connection:
        return compared(connection, declarations)


def apply(engine: Engine, declarations: Declarations, actor: str) -> Activation:
    """Put reviewed declarations in force, approved as in a development workspace; those in force write nothing."""
    return Proposals(engine, automatic=True).apply(declarations, actor).activation or compare(engine, declarations)
