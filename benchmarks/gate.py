"""Whether the gate catches what makes answers worse, and lets through what changes nothing.

    python benchmarks/gate.py [--workspace SYNCED_COPY_OF_THE_SAMPLE] [--scale 1] [--seed 0] [--json] [--check]

Twenty regressions that a change could bring, and twenty changes that bring none, each judged by `concord_evals.gate`
against the same baseline, on the sample's golden sets. `--scale 0.5` asks every second question. All share one index
and one model that embeds a question once; `worse_chunking` alone cuts and embeds everything again, in a copy.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
import yaml

from concord.access import Directory
from concord.answering import answerer, wording
from concord.bootstrap import Concord
from concord.bootstrap.foundation import Foundation
from concord.catalog import items
from concord.catalog.engine import reading
from concord.catalog.history import Period, Stood
from concord.governance import activation
from concord.retrieval import retriever
from concord.workspace import Declarations
from concord_evals.gate import Gate, decide
from concord_evals.runs import Run
from concord_evals.scoring import Score, score_all
from concord_evals.statistics import Verdict
from concord_evals.suites import read_suites
from concord_feedback import GoldenQuestion

Change = Callable[[Concord], Any]
"""A context manager that gives the changed workspace."""


SAMPLE = Path(__file__).parents[1] / "examples" / "meridian"


class Remembering:
    """The model, asked once for each question; passages go through."""

    def __init__(self, encoder: Any) -> None:
        self.encoder = encoder
        self.known: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.encoder, name)

    def encode(self, texts: Sequence[str]) -> Any:
        """A row for each text."""
        if missing := [each for each in texts if each not in self.known]:
            self.known |= zip(missing, self.encoder.encode(missing), strict=True)
        return np.stack([self.known[each] for each in texts])


@contextmanager
def synced(workspace: Path | None) -> Iterator[Concord]:
    """The workspace, or a copy of the sample, which is synced first."""
    with TemporaryDirectory() as folder:
        if workspace is None:
            workspace = Path(folder) / "meridian"
            shutil.copytree(SAMPLE, workspace, ignore=shutil.ignore_patterns(".concord"))
            print("syncing a copy of the sample", file=sys.stderr)
            put_in_force(Concord.open(workspace))
        concord = Concord.open(workspace)
        vars(concord)["encoder"] = Remembering(concord.encoder)
        yield concord
        concord.close()


def put_in_force(concord: Concord) -> None:
    """Apply and sync what the files say."""
    activation.apply(concord.engine, concord.desired().declarations, "benchmark")
    concord.sync_sources(concord.foundation.sources.values())
    concord.close()


@contextmanager
def patched(concord: Concord, *given: tuple[Any, str, Any]) -> Iterator[Concord]:
    """The workspace with functions replaced."""
    with ExitStack() as stack:
        for target, name, value in given:
            stack.enter_context(patch.object(target, name, value))
        yield concord.renewed()


@contextmanager
def edited(concord: Concord, path: str, edit: Callable[[dict[str, Any]], None]) -> Iterator[Concord]:
    """The workspace as if a file had been edited and put in force."""
    files = dict(concord.foundation.declarations.files)
    data = yaml.safe_load(files[path])
    edit(data)
    files[path] = yaml.safe_dump(data, sort_keys=False)
    yield in_force(concord, files)


@contextmanager
def commented(concord: Concord, path: str) -> Iterator[Concord]:
    """The workspace with a comment in a file."""
    files = dict(concord.foundation.declarations.files)
    files[path] = f"# nothing\n{files[path]}\n"
    yield in_force(concord, files)


def in_force(concord: Concord, files: dict[str, str]) -> Concord:
    """The workspace with other declarations."""
    made = concord.renewed()
    vars(made)["foundation"] = Foundation(Declarations(files))
    return made


@contextmanager
def set_to(concord: Concord, section: str, **values: Any) -> Iterator[Concord]:
    """The workspace with other settings, those of what is opened already left as they are."""
    part = getattr(concord.settings, section).model_copy(update=values)
    made = concord.renewed()
    vars(made)["settings"] = concord.settings.model_copy(update={section: part})
    yield made


@contextmanager
def chunked(concord: Concord, tokens: int) -> Iterator[Concord]:
    """A copy of the workspace, cut into smaller passages and embedded again."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(concord.folder, copy, ignore=shutil.ignore_patterns(".concord"))
        with (copy / "concord.yaml").open("a") as file:
            file.write(f"\nchunking: {{max_tokens: {tokens}}}\n")
        put_in_force(Concord.open(copy))
        made = Concord.open(copy)
        yield made
        made.index.stop()  # type: ignore[attr-defined]
        made.close()


def unasked(concord: Concord) -> Any:
    """The workspace as it is."""
    return patched(concord)


def without_leg(name: str) -> Change:
    """A search of which one leg is never run."""

    def change(concord: Concord) -> Any:
        real = retriever.SearchRequest
        empty = {"dense": (), "text": "", "label_text": ""}[name]
        return patched(concord, (retriever, "SearchRequest", lambda *a, **k: real(*a, **{**k, name: empty})))

    return change


def without_items(missing: Callable[[str], bool]) -> Change:
    """An index or a sync that lost some items."""

    def change(concord: Concord) -> Any:
        real = retriever.admits
        return patched(
            concord, (retriever, "admits", lambda q, item, v: not missing(item.identifier) and real(q, item, v))
        )

    return change


def leaking(concord: Concord) -> Any:
    """A search that forgot the access filter, and the check behind it."""
    every = concord.foundation.directory.tokens
    filtered = retriever.index_filter

    def stood(self: Any, view: Any, question: Any, identifiers: Any) -> dict[str, Stood]:
        with reading(self.engine) as connection:
            held = items.live(connection, identifiers)
        return {key: Stood(item, Period(question.at)) for key, item in held.items()}

    return patched(
        concord,
        (retriever, "index_filter", lambda q, v: replace(filtered(q, v), readers=frozenset(every))),
        (retriever.Retriever, "stood", stood),
        (retriever, "admits", lambda question, item, vocabulary: True),
    )


def all_groups(concord: Concord) -> Any:
    """A directory that puts everybody into every group."""
    real, every = Directory.principal, concord.foundation.directory.tokens
    return patched(
        concord, (Directory, "principal", lambda self, name: replace(real(self, name), tokens=frozenset(every)))
    )


def unexpanded(concord: Concord) -> Any:
    """A search that leaves the vocabulary out."""
    real = retriever.Retriever.search
    return patched(
        concord, (retriever.Retriever, "search", lambda self, question: real(self, replace(question, expand=False)))
    )


def other_model(concord: Concord) -> Any:
    """Questions embedded by another model than passages."""
    rng = np.random.default_rng(0)

    def encode(self: Any, texts: Sequence[str]) -> Any:
        vectors = rng.normal(size=(len(texts), 384)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    return patched(concord, (type(concord.encoder), "encode", encode))


def reranked(score: Callable[[Any], Any]) -> Change:
    """A ranking by other sums."""
    return lambda concord: patched(concord, (retriever, "scored", score))


def reversed_lists(*names: str) -> Callable[[dict[str, Any]], None]:
    """An edit that turns lists of a policy round."""

    def edit(policy: dict[str, Any]) -> None:
        for name in names:
            policy[name].reverse()

    return edit


def reversed_rankings(policy: dict[str, Any]) -> None:
    """Turn every source ranking round."""
    for each in policy["rankings"]:
        each["sources"].reverse()


def last_quote_first(concord: Concord) -> Any:
    """An answer that cites its evidence in the wrong order."""
    real = wording.compose
    return patched(concord, (wording, "compose", lambda *given: tuple(reversed(real(*given)))))


POLICY = "authority.yaml"

REGRESSIONS: dict[str, Change] = {
    "authority_reversed": lambda c: edited(c, POLICY, reversed_lists("tiers", "statuses")),
    "rankings_reversed": lambda c: edited(c, POLICY, reversed_rankings),
    "rules_reversed": lambda c: edited(c, POLICY, reversed_lists("rules")),
    "delegations_dropped_rankings_too": lambda c: edited(c, POLICY, lambda p: p.update(delegations=[], rankings=[])),
    "no_expansion": unexpanded,
    "few_candidates": lambda c: set_to(c, "retrieval", candidates=5, passages=10),
    "never_abstains": lambda c: set_to(c, "answer", min_confidence=0.0),
    "too_shy": lambda c: set_to(c, "answer", min_confidence=0.95),
    "access_bug": leaking,
    "everybody_in_every_group": all_groups,
    "dropped_source": without_items(lambda name: name.startswith("finance-policies/")),
    "stale_index": without_items(lambda name: sum(name.encode()) % 4 == 0),
    "no_dense_leg": without_leg("dense"),
    "no_text_leg": without_leg("text"),
    "no_label_leg": without_leg("label_text"),
    "ranking_reversed": reranked(lambda rows: -rows.sum(axis=1)),
    "worse_chunking": lambda c: chunked(c, 32),
    "last_quote_first": last_quote_first,
    "questions_by_another_model": other_model,
    "conflicts_hidden": lambda c: patched(c, (answerer.Answerer, "_addressed", lambda self, evidence, found: ())),
}


def a_further_user(data: dict[str, Any]) -> None:
    """Add somebody who asks nothing."""
    data["users"].append({"id": "nobody", "name": "Nobody"})


def a_further_group(data: dict[str, Any]) -> None:
    """Add a group without members."""
    data["groups"].append({"id": "empty", "name": "Empty"})


def of_use_case(**values: Any) -> Change:
    """What a use case is called."""
    return lambda c: edited(c, "usecases/ask-meridian.yaml", lambda data: data.update(values))


NO_OPS: dict[str, Change] = {
    "the_same_again": unasked,
    "reopened": lambda c: patched(Concord.open(c.folder)),
    "comment_in_policy": lambda c: commented(c, POLICY),
    "comment_in_principals": lambda c: commented(c, "principals.yaml"),
    "comment_in_ownership": lambda c: commented(c, "ownership.yaml"),
    "comment_in_use_case": lambda c: commented(c, "usecases/ask-people.yaml"),
    "comment_in_source": lambda c: commented(c, "sources/intranet.yaml"),
    "policy_written_otherwise": lambda c: edited(c, POLICY, lambda data: None),
    "delegations_in_another_order": lambda c: edited(c, POLICY, reversed_lists("delegations")),
    "rankings_in_another_order": lambda c: edited(c, POLICY, reversed_lists("rankings")),
    "use_case_renamed": of_use_case(title="Ask about anything"),
    "use_case_described": of_use_case(description="Other words."),
    "use_case_of_another_owner": of_use_case(owner="user:mei.tanaka"),
    "further_user": lambda c: edited(c, "principals.yaml", a_further_user),
    "further_group": lambda c: edited(c, "principals.yaml", a_further_group),
    "nothing_kept_in_memory": lambda c: set_to(c, "retrieval", known_passages=0),
    "no_traces": lambda c: set_to(c, "traces", retention_days=0),
    "register_stricter": lambda c: set_to(c, "conflicts", min_certainty=0.9),
    "parsing_slower": lambda c: set_to(c, "parsing", timeout_seconds=90.0),
    "more_at_once": lambda c: set_to(c, "service", at_once=8),
}


def run_of(concord: Concord, questions: Sequence[GoldenQuestion]) -> tuple[Run, list[Score]]:
    """The questions asked of a workspace."""
    run = Run("benchmark", datetime.now(UTC), "benchmark", (), tuple(questions), {})
    return run, list(score_all(concord, questions))


def judged(concord: Concord, change: Change, baseline: tuple[Run, list[Score]], shuffled: random.Random) -> Gate:
    """The gate's verdict on a change."""
    questions = list(baseline[0].questions)
    shuffled.shuffle(questions)
    with change(concord) as changed:
        return decide(baseline, run_of(changed, questions))


def main() -> None:
    """Judge every change and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--workspace", type=Path, help="a synced copy of examples/meridian; one is made if none is named"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="the share of questions that are asked")
    parser.add_argument("--only", help="changes whose names hold this")
    parser.add_argument("--kind", choices=["mutations", "noops"], help="changes of this kind alone")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a change is judged wrongly")
    options = parser.parse_args()
    seen = {"mutations": list[Verdict](), "noops": list[Verdict]()}
    with synced(options.workspace) as concord:
        _, questions = read_suites(concord.folder)
        kept = questions[:: max(1, round(1 / options.scale))]
        baseline = run_of(concord, kept)
        shuffled = random.Random(options.seed)
        for kind, changes in (("noops", NO_OPS), ("mutations", REGRESSIONS)):
            for name, change in changes.items():
                if options.kind in (None, kind) and (options.only is None or options.only in name):
                    found = judged(concord, change, baseline, shuffled)
                    seen[kind].append(found.verdict)
                    right = found.comparison.metrics["right"]
                    told = f"{found.verdict.value} ({len(right.lost)} lost, {len(right.gained)} gained)"
                    print(f"{kind} {name}: {told} {'; '.join(found.reasons)[:200]}", file=sys.stderr, flush=True)
    caught, alarms = seen["mutations"].count(Verdict.FAIL), sum(each is not Verdict.PASS for each in seen["noops"])
    mutations, noops = len(seen["mutations"]), len(seen["noops"])
    if options.json:
        print(json.dumps({"caught": caught, "mutations": mutations, "false_alarms": alarms, "noops": noops}))
    else:
        print(f"{len(kept)} questions: {caught} of {mutations} regressions caught,", end=" ")
        print(f"{alarms} of {noops} changes that are none not let through")
    if options.check and (caught < mutations or alarms):
        sys.exit(1)


if __name__ == "__main__":
    main()
