"""`concord eval new` and `concord eval coverage`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from concord.cli.context import AsJson, AsUser, opened, principal
from concord.cli.output import console, note, print_json, row, say, table
from concord.cli.progress import counted
from concord_evals.commands.options import Suites

DRAFTS = "drafts"


def new(
    ctx: typer.Context,
    as_: AsUser = None,
    source: Annotated[str | None, typer.Option("--source", metavar="ID", help="Only of this source.")] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=1000, help="Drafts of each kind at most.")] = 5,
    seed: Annotated[int, typer.Option("--seed", help="Another one draws other drafts.")] = 0,
    by_rule: Annotated[
        bool, typer.Option("--by-rule", help="Leave the words to the rules, though answer.llm names a model.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to. Default: evals/drafts/USER.jsonl.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draft golden questions from what USER may read: headings, definitions, tables.

    Where answer.llm names a model, it words them as people would ask; what it is shown is the draft with its answer.

    Besides, questions of people who may not read the page, and some that no page answers. No run asks drafts: who
    approves one moves its line into evals/*.jsonl. They quote what USER may read, and expect nothing that loses against
    another page.
    """
    with opened(ctx) as concord:
        from concord.catalog import items
        from concord.catalog.engine import reading
        from concord_evals.drafts import Page, drafted, losing
        from concord_evals.errors import NoQuestions
        from concord_evals.scoring import in_force
        from concord_evals.suites import FOLDER, read_suites
        from concord_feedback import write_questions

        who = principal(concord, as_)
        target = out or concord.folder / FOLDER / DRAFTS / f"{who.id.removeprefix('user:')}.jsonl"
        if target.exists():
            raise typer.BadParameter(f"{target} exists and is not overwritten: name another file with --out")
        try:
            known = [each.question for each in read_suites(concord.folder)[1]]
        except NoQuestions:
            known = []
        with reading(concord.engine) as connection:
            today = datetime.now(UTC).date()
            every = items.all_readable(connection, who)
            readable = [each for each in every if source in (None, each.source) and in_force(each, today)]
            pages = [Page(each, items.item_body(connection, each.identifier)) for each in readable]
        beaten = losing(concord.register.entries(who))
        found = drafted(pages, who, concord.foundation.directory, known, count, seed, beaten)
        llm = concord.settings.answer.llm
        if llm.base_url and found and not by_rule:
            from concord.answering.endpoint import Endpoint
            from concord_evals.rewording import WORDED, reworded

            with counted("drafts", len(found)) as step:
                found = list(reworded(Endpoint(llm), found, step))
            left = sum(WORDED not in each.tags for each in found)
            if left:
                note(f"concord: {llm.model} worded {len(found) - left} of {len(found)} drafts; the others are by rule")
    if as_json:
        print_json([each.model_dump(mode="json", exclude_defaults=True) for each in found])
        return
    if not found:
        say("nothing to draft from: no readable page has headings, definitions or tables")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(write_questions(found), "utf-8")
    say(f"{len(found)} drafts in {target}: read each, and move those that are right into evals/*.jsonl")


def coverage(ctx: typer.Context, as_: AsUser = None, suite: Suites = None, as_json: AsJson = False) -> None:
    """Show which sources, departments and concepts golden questions are about, those that none is about first.

    Only what USER may read is counted.
    """
    with opened(ctx) as concord:
        from concord.catalog import items
        from concord.catalog.engine import reading
        from concord_evals.coverage import coverage as covered
        from concord_evals.suites import read_suites

        who = principal(concord, as_)
        _, questions = read_suites(concord.folder, suite or [])
        with reading(concord.engine) as connection:
            found = covered(items.all_readable(connection, who), questions)
        concepts = concord.foundation.vocabulary.concepts
    if as_json:
        print_json([asdict(each) for each in found])
        return
    if not found:
        say("nothing that you may read is indexed: run `concord sync`")
        return
    rows = table("by", "name", "items", "questions")
    for each in found:
        name = concepts[each.name].label() if each.kind == "concept" and each.name in concepts else each.name
        row(rows, each.kind, name, each.items, each.questions)
    console().print(rows)
