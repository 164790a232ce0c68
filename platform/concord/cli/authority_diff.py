"""`concord authority diff`: whose word would count under another policy, before anyone approves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import print_json, say

if TYPE_CHECKING:
    from concord.bootstrap.impact import Impact, Replays

_HELP = "An authority.yaml, the digest of a policy version, or `active`."


def diff(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(help=_HELP, show_default=False)],
    new: Annotated[str, typer.Argument(help=_HELP, show_default=False)],
    as_: AsUser = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="Logged questions, and golden ones, that are asked again.")
    ] = 500,
    as_json: AsJson = False,
) -> None:
    """Decide again under both policies, and list every winner that would change: questions and the conflict register.

    Logged and golden questions are asked as the person who asked them, the latest first; everything else is as in
    force. Only conflicts
    of which USER may read every side are shown, and only golden questions and USER's own in their words. Nothing is
    written.
    """
    from concord.bootstrap.impact import impact, policy_of
    from concord.cli.progress import counted_in_steps

    with opened(ctx) as concord:
        who = principal(concord, as_)
        before, after = policy_of(concord, old), policy_of(concord, new)
        with counted_in_steps("questions") as progress:
            report = impact(concord, before, after, who, limit, progress)
        policies = {"old": before.policy.fingerprint(), "new": after.policy.fingerprint()}
    if as_json:
        print_json({**policies, **report.to_json()})
    else:
        _show(report)


def _show(report: Impact) -> None:
    say(_asked("logged questions", report.logged), _asked("golden questions", report.golden))
    say(f"conflict register: {report.entries} entries decided again")
    if not report.changes:
        say("no winner would change, of what you may read")
    for each in report.changes:
        told = each.to_json()
        say("", f"{each.attribute}: {_decided(told['before'])} → {_decided(told['after'])}")
        where = [f"for {len(each.questions)} of the questions"] if each.questions else []
        where += [f"in entry {each.entry} of the conflict register"] if each.entry else []
        say(f"  {each.kind} changes {' and '.join(where)}")
        say(*(f"  “{report.words[name]}”" for name in each.questions[:3] if name in report.words))
        say(*(f"  - {side['value']}: “{side['quote']}” ({side['identifier']})" for side in told["sides"]))


def _asked(name: str, counts: Replays) -> str:
    limited = ", more were left out by --limit" if counts.limited else ""
    unknown = f", {counts.undetermined} undetermined" if counts.undetermined else ""
    return f"{name}: {counts.asked} asked again{unknown}{limited}"


def _decided(told: dict[str, Any] | None) -> str:
    if told is None:
        return "nothing decided"
    if told["abstained"]:
        return f"no winner ({told['abstained']})"
    rule = f", by {told['rule']}" if told["rule"] else ""
    return f"{told['value']} from {told['winner']} ({told['verdict']}{rule})" if told["winner"] else told["verdict"]
