"""Digests: what people were told of cases since the last one, sent to them where they are.

At most once: what is sent is noted before, so that a worker that is killed while it sends repeats nothing. What may be
lost then is the mail alone: `concord cases news` and the web pages show every notification.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from concord.access import AccessError
from concord.bootstrap import Concord
from concord.bootstrap.accepting import to_decide
from concord.catalog import deliveries
from concord.catalog.cases import Told
from concord.catalog.deliveries import Waiting
from concord.catalog.engine import reading, writing
from concord.worker.channels import Channel, Line, Mail, NotTaken, Refused, Unanswered, Unreached, Unsure, Webhook
from concord.workspace.notifying import EMAIL, WEBHOOK
from concord_feedback.errors import NoSuchCase
from concord_feedback.news import NEWS, TO_DECIDE, holds
from concord_feedback.news import told as said
from concord_taxonomy.standard import Principal

SINCE = timedelta(days=2)
"""How old news may be that is still sent: whoever turns on mails is not sent the past."""
AT_ONCE = 200
"""Notifications that one digest tells at most."""
AT_A_STRETCH = 60.0
"""Seconds after which a run sends to nobody more, and lets others have their turn."""


@dataclass(frozen=True, slots=True)
class Target:
    """Somewhere that digests go, by a server of `servers`: `recipients` are the tokens whose news go there."""

    name: str
    server: str
    channel: Channel
    recipients: frozenset[str]
    reader: Principal | None = None
    """Who reads it; None: whoever reads a webhook's, who gets only what each recipient may see, and no question."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many notifications went out in how many digests, what could not be sent, and whether there may be more."""

    notifications: int
    digests: int
    problems: tuple[str, ...]
    more: bool = False


def targets(concord: Concord) -> Iterator[Target]:
    """Everywhere that digests go by the settings, and by the people in force."""
    settings = concord.settings.notifications
    for each in settings.webhooks:
        yield Target(f"webhook:{each.name}", f"{WEBHOOK}{each.name}", Webhook(each), frozenset(each.recipients))
    if settings.email.host is None:
        return
    for user in concord.foundation.directory.users:
        if user.email:
            try:
                who = concord.foundation.directory.principal(user.id)
            except AccessError:
                continue
            yield Target(f"email:{user.id}", EMAIL, Mail(settings.email, user.email), who.tokens, who)


def send_digests(concord: Concord, now: datetime | None = None, server: str | None = None) -> Sent:
    """Send what waits, through one server or all of them; every target that fails leaves the others alone.

    A server that is away, or does not answer, is left alone for the rest of the run.
    """
    at, sent, digests, problems = now or datetime.now(UTC), 0, 0, list[str]()
    away, end = set[str](), time.monotonic() + AT_A_STRETCH
    for target in targets(concord):
        if target.server in away or server not in (None, target.server):
            continue
        if (sent or problems) and time.monotonic() >= end:
            return Sent(sent, digests, tuple(problems), more=True)
        try:
            told = _send(concord, target, at)
        except (NotTaken, Refused, Unsure) as problem:
            problems.append(f"{target.name}: {problem}")
            if isinstance(problem, (Unreached, Unanswered)):
                away.add(target.server)
            continue
        sent, digests = sent + told, digests + bool(told)
    return Sent(sent, digests, tuple(problems))


def _send(concord: Concord, target: Target, at: datetime) -> int:
    """Send one digest, and note what became of it; returns the notifications that it told."""
    found = _claimed(concord, target, at)
    # What was told of one thing more than once since the last digest, as of a case that came back, is one line of it.
    newest = {(each.told.recipient, each.told.kind, each.told.case, each.told.proposal): each for each in found}
    lines = {
        each.key: replace(line, id=_id(each.key), to=each.told.recipient)
        for each in newest.values()
        if (line := _line(concord, target, each)) is not None
    }
    _settled(concord, target, {each.key for each in found} - lines.keys(), "withheld")
    if not lines:
        return 0
    title = f"{concord.settings.name}: {len(lines)} {'notice' if len(lines) == 1 else 'notices'}"
    try:
        target.channel.send(_id(target.name, *sorted(lines)), title, list(lines.values()))
    except NotTaken:
        with writing(concord.engine, renews=False) as connection:
            deliveries.release(connection, target.name, lines)
        raise
    except (Refused, Unsure) as problem:
        _settled(concord, target, lines, "failed" if isinstance(problem, Refused) else "unsure")
        raise
    except Exception as problem:
        # Whatever it was, it leaves the other targets alone; its words may hold an address that is in no log.
        _settled(concord, target, lines, "unsure")
        raise Unsure(type(problem).__name__) from problem
    _settled(concord, target, lines, "sent")
    return len(lines)


def _id(*of: str) -> str:
    """The id of a message or notice: whoever has taken it knows it again where it is sent once more."""
    return str(uuid5(NAMESPACE_OID, json.dumps(of)))


def _claimed(concord: Concord, target: Target, at: datetime) -> Sequence[Waiting]:
    asked = (target.name, target.recipients, at - SINCE, AT_ONCE)
    with reading(concord.engine) as connection:
        if not deliveries.waiting(connection, *asked):
            return []
    with writing(concord.engine, renews=False) as connection:
        found = deliveries.waiting(connection, *asked)
        if found:
            deliveries.claim(connection, target.name, [each.key for each in found], at)
    return found


def _settled(concord: Concord, target: Target, keys: set[str] | dict[str, Line], state: str) -> None:
    if keys:
        with writing(concord.engine, renews=False) as connection:
            deliveries.settle(connection, target.name, keys, state)


def _line(concord: Concord, target: Target, waiting: Waiting) -> Line | None:
    """What a digest tells of a notification; None where its receiver may not see the case any more.

    None as well for what is overtaken: a fix that has broken again is not told to be one.
    """
    told = waiting.told
    if told.kind == "answer.corrected":
        # Whoever got an old answer need not be anybody of the case: nothing of it is told.
        return Line(told.at, NEWS[told.kind], told.kind)
    recipient = told.recipient
    who = target.reader or Principal(recipient.removeprefix("user:"), frozenset({recipient}))
    if told.kind in TO_DECIDE or told.case is None:
        return _to_decide(concord, who, told)
    try:
        shown = concord.desk.case(who, told.case)
    except NoSuchCase:
        return None
    if not holds(told.kind, shown.case, recipient):
        return None
    reported = any(each.kind == "correction" and recipient == f"user:{each.principal}" for each in shown.reports)
    text = said(told.kind, reported=reported)
    address = _address(concord, f"cases/{told.case}") if shown.handles else None
    return Line(told.at, text, told.kind, told.case, address, shown.question if target.reader else "")


def _to_decide(concord: Concord, who: Principal, told: Told) -> Line | None:
    """A proposal that waits for a decision, and nothing of any case; None where it is not theirs to decide on (now)."""
    found = to_decide(concord, who, [told]).get(told)
    if found is None:
        return None
    text = f"{NEWS[told.kind]}: proposal {found.id}"
    return Line(told.at, text, told.kind, None, _address(concord, f"proposals/{found.id}"))


def _address(concord: Concord, path: str) -> str | None:
    link = concord.settings.notifications.link
    return f"{link.rstrip('/')}/{path}" if link else None
