"""`concord authority explain`: what an item counts and why, or how the conflicts about a question are decided."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.ask import UseCase, checked
from concord.cli.context import AsJson, AsOf, AsUser, day, opened, principal
from concord.cli.output import print_json, say

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord_taxonomy.standard import Principal


def explain(
    ctx: typer.Context,
    subject: Annotated[
        str, typer.Argument(metavar="ITEM|QUESTION", help="source/native-id, or a question.", show_default=False)
    ],
    as_: AsUser = None,
    use_case: UseCase = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Explain what authority makes of an item, or of the sources that answer a question.

    Of an item: tier, status and dates with who gave each, the rankings that its source stands in, and its links. Of a
    question: the claims that meet in a slot, their scopes, every rule with what each side had, and which one decided.
    """
    with opened(ctx) as concord:
        who, at = principal(concord, as_), day(as_of)
        told = _item(concord, who, subject)
        if told is None:
            text = checked(subject)
            if "/" in text and not any(letter.isspace() for letter in text):
                from concord.catalog.errors import NoSuchItem

                raise NoSuchItem(text)
            told = _question(concord, who, text, use_case, at)
    if as_json:
        print_json(told)
    elif told["kind"] == "item":
        _show_item(told)
    else:
        _show_question(told)


def _item(concord: Concord, who: Principal, identifier: str) -> dict[str, Any] | None:
    from concord.authority.account import account_of_item
    from concord.catalog import items
    from concord.catalog.engine import reading
    from concord.catalog.errors import NoSuchItem

    try:
        identifier.encode()
    except UnicodeEncodeError:
        raise NoSuchItem(identifier) from None
    with reading(concord.engine) as connection:
        item = items.readable(connection, who, [identifier]).get(identifier)
        if item is None:
            return None
        links = items.links(connection, [identifier])
        named = {end for link in links for end in (link.successor, link.predecessor)}
        related = items.readable(connection, who, sorted(named | {*item.replaces, *item.is_replaced_by}))
    foundation = concord.foundation
    closure = foundation.vocabulary.narrower_closure
    today = datetime.now(UTC).date()
    return {"kind": "item", **account_of_item(item, foundation.policy, today, related.values(), closure)}


def _question(concord: Concord, who: Principal, text: str, use_case: str | None, at: Any) -> dict[str, Any]:
    from concord.authority.account import account_of_decision

    evidence = concord.explain(text, who, use_case, at)
    policy = concord.foundation.policy
    asked = evidence.asked

    def told(conflicts: Any) -> list[dict[str, Any]]:
        return [{"attribute": each.attribute, **account_of_decision(each.decision, policy)} for each in conflicts]

    return {
        "kind": "question",
        "question": text,
        "asks": {
            "concepts": sorted(asked.concepts),
            "types": sorted(each.value for each in asked.types),
            "scope": asked.scope.describe() or None,
            "words": sorted(asked.words),
        },
        "policy": policy.fingerprint(),
        "policy_version": concord.foundation.declarations.digest,
        "conflicts": told(evidence.conflicts),
        "by_scope": told(evidence.by_scope),
    }


def _show_item(told: dict[str, Any]) -> None:
    say(told["title"], f"{told['identifier']}@{told['revision']}", f"  today: {told['in_force']}")
    tier, status = told["tier"], told["status"]
    place = f"place {tier['place']} of {tier['of']}" if tier["place"] else "no listed tier: comes last"
    say(f"  tier: {tier['value'] or 'none'}, {place}{_by(tier)}")
    say(f"  status: {status['value']}, place {status['place']} of {status['of']}{_by(status)}")
    say(*(f"  {name}: {date['value']}{_by(date)}" for name, date in told["dates"].items()))
    if told["fresh_until"]:
        say(f"  freshness: {'stale since' if told['stale'] else 'fresh until'} {told['fresh_until']}")
    for ranking in told["rankings"]:
        where = ", ".join(filter(None, (ranking["concept"], ranking["for"])))
        at = f"place {ranking['place']} of {len(ranking['sources'])}" if ranking["place"] else "not ranked, comes last"
        say(f"  ranking for {where}: {told['source']} has {at} ({', '.join(ranking['sources'])})")
    say(*(f"  delegated: its narrower scope may beat a higher tier on {each}" for each in told["delegated"]))
    for link in told["links"]:
        effect = "takes effect" if link["effective"] else "only a proposal: its owner has not agreed"
        say(f"  {link['newer']} replaces {link['older']}: {link['basis']} ({effect})")
    say(f"  owner: {told['owner'] or 'nobody'}")


def _by(given: dict[str, Any]) -> str:
    return f" (given by {given['given_by']})" if given["given_by"] else ""


def _show_question(told: dict[str, Any]) -> None:
    if not told["conflicts"] and not told["by_scope"]:
        say("What you may read does not disagree on this.")
    for each in told["conflicts"]:
        rule = f", by {each['rule']}" if each["rule"] else ""
        say(f"{each['attribute']}: {each['verdict']}{rule}", f"  {each['explanation']}")
        _show_claims(each)
        for step in each["rules"]:
            name = f"{step['rule']} (delegated)" if step["delegation"] else step["rule"]
            sides = "; ".join(f"({one['n']}) {one['had']}{'' if one['stays'] else ' — out'}" for one in step["had"])
            say(f"  {name}: {sides}{'  ← decides' if step['decides'] else ''}")
        say("")
    for each in told["by_scope"]:
        say(f"{each['attribute']}: no conflict, the value depends on the scope")
        _show_claims(each)


def _show_claims(told: dict[str, Any]) -> None:
    for claim in told["claims"]:
        mark = "+" if claim["n"] == told["winner"] else " "
        scope = claim["scope"] or "everything open"
        say(f"  {mark}({claim['n']}) {claim['value']}: “{claim['quote']}” ({claim['identifier']}; scope: {scope})")
