"""Conversations: what a person asked and was told, in order, for that person alone.

Every function that gives words takes whose conversations they are; another's is the same as one that is not there. An
answer is kept as `Answer.to_json()` gave it: whoever shows it again checks first that what it quotes may still be read.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from concord.catalog.schema import conversations, turns
from concord.catalog.traces import forget as forget_traces

TITLE = 120
"""Characters of the first question that name a conversation."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, and its answer as JSON values."""

    id: str
    number: int
    at: datetime
    question: str
    as_of: date | None
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without its turns; `changed_at` is when it was last asked in."""

    id: str
    title: str
    use_case: str | None
    begun_at: datetime
    changed_at: datetime


def begin(connection: Connection, principal_id: str, question: str, use_case: str | None, at: datetime) -> str:
    """Begin a conversation that is named after its first question; returns its id."""
    made, title = str(uuid.uuid4()), " ".join(question.split())
    row = {
        "id": made,
        "principal": principal_id,
        "title": title if len(title) <= TITLE else f"{title[: TITLE - 1]}…",
        "use_case": use_case,
        "begun_at": at,
        "changed_at": at,
    }
    connection.execute(insert(conversations), [row])
    return made


def add(
    connection: Connection,
    principal_id: str,
    conversation: str,
    question: str,
    as_of: date | None,
    answer: dict[str, Any],
    at: datetime,
) -> Turn | None:
    """Add a question and its answer to a conversation of the principal's; None where there is none any more."""
    own = (conversations.c.id == conversation) & (conversations.c.principal == principal_id)
    if not connection.execute(update(conversations).where(own).values(changed_at=at)).rowcount:
        return None
    last = connection.scalar(select(func.max(turns.c.number)).where(turns.c.conversation == conversation))
    turn = Turn(str(uuid.uuid4()), (last or 0) + 1, at, question, as_of, answer)
    row = {
        "id": turn.id,
        "conversation": conversation,
        "number": turn.number,
        "at": at,
        "question": question,
        "as_of": as_of,
        "answer": answer,
    }
    connection.execute(insert(turns), [row])
    return turn


def of(connection: Connection, principal_id: str, limit: int) -> list[Conversation]:
    """The principal's conversations, the one last asked in first."""
    mine = select(conversations).where(conversations.c.principal == principal_id)
    order = mine.order_by(conversations.c.changed_at.desc(), conversations.c.id).limit(limit)
    return [_conversation(row) for row in connection.execute(order)]


def load(connection: Connection, principal_id: str, conversation: str) -> tuple[Conversation, list[Turn]] | None:
    """A conversation of the principal's with its turns in order; None for another's as for a missing one."""
    own = (conversations.c.id == conversation) & (conversations.c.principal == principal_id)
    row = connection.execute(select(conversations).where(own)).one_or_none()
    if row is None:
        return None
    found = connection.execute(select(turns).where(turns.c.conversation == conversation).order_by(turns.c.number))
    return _conversation(row), [_turn(each) for each in found]


def turn(connection: Connection, principal_id: str, turn_id: str) -> Turn | None:
    """A turn of one of the principal's conversations; None for another's as for a missing one."""
    own = (turns.c.id == turn_id) & (conversations.c.principal == principal_id)
    row = connection.execute(
        select(turns).join(conversations, conversations.c.id == turns.c.conversation).where(own)
    ).one_or_none()
    return _turn(row) if row else None


def forget(connection: Connection, principal_id: str, conversation: str | None = None) -> int:
    """Delete a conversation of the principal's, or all of them; returns how many.

    How its answers were found goes with it, but what a correction or a case refers to.
    """
    which = conversations.c.principal == principal_id
    if conversation is not None:
        which &= conversations.c.id == conversation
    answers = select(turns.c.answer["trace_id"].as_string())
    forget_traces(
        connection, principal_id, answers.where(turns.c.conversation.in_(select(conversations.c.id).where(which)))
    )
    return _forget(connection, which)


def asked_in(connection: Connection, moment: datetime, limit: int) -> list[tuple[str, str]]:
    """Which answers (ids of traces) were given in which conversation since a moment, by place in it; for detection.

    No words of anybody's are in it, and the newest conversations come first.
    """
    recent = select(conversations.c.id).where(conversations.c.changed_at >= moment)
    recent = recent.order_by(conversations.c.changed_at.desc()).limit(limit)
    rows = select(turns.c.conversation, turns.c.answer).where(turns.c.conversation.in_(recent))
    found = connection.execute(rows.order_by(turns.c.conversation, turns.c.number))
    return [(row.conversation, str(row.answer.get("trace_id", ""))) for row in found]


def any_before(connection: Connection, moment: datetime) -> bool:
    """Whether there are conversations that were last asked in before `moment`."""
    return connection.scalar(select(conversations.c.id).where(conversations.c.changed_at < moment).limit(1)) is not None


def forget_before(connection: Connection, moment: datetime) -> int:
    """Delete conversations that were last asked in before `moment`, anybody's; returns how many."""
    return _forget(connection, conversations.c.changed_at < moment)


def _forget(connection: Connection, which: Any) -> int:
    connection.execute(delete(turns).where(turns.c.conversation.in_(select(conversations.c.id).where(which))))
    return connection.execute(delete(conversations).where(which)).rowcount


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(row.id, row.title, row.use_case, row.begun_at, row.changed_at)


def _turn(row: Row[Any]) -> Turn:
    return Turn(row.id, row.number, row.at, row.question, row.as_of, row.answer)
