"""Retrieval beside its peers over the same passages with the same model, in one run: BM25, vectors, llama-index.

    python benchmarks/retrieval.py --workspace SYNCED_WORKSPACE [QUESTIONS.jsonl …] [--seed 0] [--scale 1] [--json]

Golden questions with evidence, each asked as its principal. `concord` is a search with everything; `bm25` and `dense`
are one leg of the engine alone; `llama-index` is a `VectorStoreIndex` with its default retriever, but for fifty results
in place of two. All of them see what the asker may read and the use case draws on, and nothing else. Ranked are items,
by identifier and revision; a method's p is of sign flips against `concord`, of reciprocal ranks, two-sided. The share
of questions is `--scale`. Without questions those of the workspace are asked. Of several workspaces, such as the sample
and the handbooks, each is told by itself and all together.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llama_index.core import VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.retrievers import VectorIndexRetriever
from llama_index.core.schema import TextNode

from concord.bootstrap import Concord, question_of
from concord.catalog import items
from concord.catalog.chunks import item_chunks
from concord.catalog.embeddings import load_embedded
from concord.catalog.engine import reading
from concord.index import SearchRequest
from concord.retrieval.filters import admits, index_filter
from concord.retrieval.question import Question
from concord.retrieval.retriever import ranked
from concord.usecases import choose
from concord_evals.metrics import hit, ndcg, recall, reciprocal_rank
from concord_evals.metrics.ranking import Found
from concord_evals.metrics.ranking import items as ranked_items
from concord_evals.statistics import mean_interval, sign_flip
from concord_evals.suites import read_suites
from concord_feedback import GoldenQuestion
from concord_taxonomy.standard import ContentItem, Principal

METRICS = ("hit@1", "hit@5", "recall@5", "mrr", "ndcg@10")
PASSAGES = 50
"""Passages that a method ranks, from which items are ranked."""

Method = Callable[[Question], list[Found]]


class Encoded(BaseEmbedding):
    """The workspace's model, for llama-index."""

    encoder: Any

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(each) for each in self.encoder.encode([query])[0]]

    def _get_text_embedding(self, text: str) -> list[float]:
        raise AssertionError("passages have their vectors already")

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def methods(concord: Concord) -> dict[str, Method]:
    """The rankings, each from a question to items with their revisions, best first."""
    held = all_items(concord)

    def by_leg(leg: str, **query: Any) -> Method:
        def search(question: Question) -> list[Found]:
            filter_ = index_filter(question, concord.foundation.vocabulary)
            asked = {name: make(question) for name, make in query.items()}
            found = concord.index.search(SearchRequest(filter_, limit=PASSAGES, **asked))
            payloads = {each.id: each.payload for each in getattr(found, leg)}
            return [(payloads[key].identifier, payloads[key].revision) for key in ranked(getattr(found, leg))]

        return search

    def searched(question: Question) -> list[Found]:
        return [(each.item.identifier, each.item.revision) for each in concord.retriever.search(question).passages]

    return {
        "concord": searched,
        "bm25": by_leg("text", text=lambda question: question.text),
        "dense": by_leg("dense", dense=lambda question: concord.encoder.encode([question.text])[0].tolist()),
        "llama-index": llama_index(concord, held),
    }


def all_items(concord: Concord) -> dict[str, ContentItem]:
    """Every live item."""
    everybody = Principal("benchmark", concord.foundation.directory.tokens)
    with reading(concord.engine) as connection:
        return {item.identifier: item for item in items.all_readable(connection, everybody)}


def llama_index(concord: Concord, held: dict[str, ContentItem]) -> Method:
    """llama-index over the same passages and vectors, in its own vector store."""
    nodes = []
    with reading(concord.engine) as connection:
        for identifier, item in held.items():
            chunks = item_chunks(connection, identifier).get(item.revision, [])
            vectors = load_embedded(connection, concord.encoder.model, [each.content_hash for each in chunks])
            for chunk in chunks:
                embedding = [float(each) for each in vectors[chunk.content_hash].vector]
                node = TextNode(id_=f"{identifier}#{chunk.ordinal}", text=chunk.text, embedding=embedding)
                node.metadata["identifier"] = identifier
                nodes.append(node)
    model = Encoded(encoder=concord.encoder, model_name=concord.encoder.model)
    index = VectorStoreIndex(nodes, embed_model=model)

    def search(question: Question) -> list[Found]:
        vocabulary = concord.foundation.vocabulary
        allowed = {name for name, item in held.items() if admits(question, item, vocabulary)}
        seen = [node.id_ for node in nodes if node.metadata["identifier"] in allowed]
        if not seen:
            return []
        found = VectorIndexRetriever(index, similarity_top_k=PASSAGES, node_ids=seen).retrieve(question.text)
        names = [each.node.metadata["identifier"] for each in found]
        assert set(names) <= allowed
        return [(name, held[name].revision) for name in names]

    return search


def measured(golden: GoldenQuestion, found: list[Found]) -> dict[str, float]:
    """The metrics of one ranking."""
    wanted = golden.wanted()
    ranking = ranked_items(found, wanted)
    return {
        "hit@1": float(hit(ranking, 1)),
        "hit@5": float(hit(ranking, 5)),
        "recall@5": recall(ranking, len(wanted), 5),
        "mrr": reciprocal_rank(ranking),
        "ndcg@10": ndcg(ranking, len(wanted), 10),
    }


def compared(values: dict[str, list[dict[str, float]]], seed: int) -> dict[str, Any]:
    """Means with their intervals, and how sure the difference to `concord` is."""
    report: dict[str, Any] = {}
    for name, rows in values.items():
        ours = [each["mrr"] for each in values["concord"]]
        differences = [each["mrr"] - mine for each, mine in zip(rows, ours, strict=True)]
        means = {metric: sum(each[metric] for each in rows) / len(rows) for metric in METRICS}
        report[name] = {
            **{metric: round(value, 4) for metric, value in means.items()},
            "mrr_interval": mean_interval([each["mrr"] for each in rows], (0.0, 1.0), seed),
            "p": None if name == "concord" else sign_flip(differences, seed=seed),
        }
    return report


def main() -> None:
    """Ask every method and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="*")
    parser.add_argument("--workspace", type=Path, required=True, action="append", help="repeatable")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    options = parser.parse_args()
    if options.questions and len(options.workspace) > 1:
        parser.error("questions of one's own are asked of one workspace: each of several has its golden sets")
    sets = {
        folder.resolve().name: ranked_by_all(folder, options.questions, options.scale) for folder in options.workspace
    }
    pooled = {name: [each for values in sets.values() for each in values[name]] for name in next(iter(sets.values()))}
    report = {
        **told(pooled, options.seed),
        "workspaces": {name: told(values, options.seed) for name, values in sets.items()},
    }
    if options.json:
        print(json.dumps(report, indent=2))
        return
    for name, each in report["workspaces"].items():
        show(name, each)
    if len(sets) > 1:
        show("all", report)


def ranked_by_all(folder: Path, questions: list[Path], scale: float) -> dict[str, list[dict[str, float]]]:
    """The metrics of every question of a workspace by each method."""
    concord = Concord.open(folder)
    _, asked = read_suites(concord.folder, [str(each) for each in questions])
    chosen = [each for each in asked if each.expect == "answer" and each.evidence]
    chosen = chosen[:: max(1, round(1 / scale))]
    values = {
        name: [measured(golden, search(question(concord, golden))) for golden in chosen]
        for name, search in methods(concord).items()
    }
    concord.close()
    return values


def told(values: dict[str, list[dict[str, float]]], seed: int) -> dict[str, Any]:
    """How many questions there were, and what came of them by method."""
    return {"questions": len(values["concord"]), "methods": compared(values, seed)}


def show(name: str, report: dict[str, Any]) -> None:
    """A table for a person."""
    print(f"{name}: {report['questions']} questions")
    print("| | " + " | ".join(METRICS) + " | MRR 95 % | p |\n|---|" + "---|" * (len(METRICS) + 2))
    for method, each in report["methods"].items():
        low, high = each["mrr_interval"]
        figures = " | ".join(f"{each[metric]:.2f}" for metric in METRICS)
        p = "" if each["p"] is None else f"{each['p']:.4f}"
        print(f"| {method} | {figures} | {low:.2f}–{high:.2f} | {p} |")


def question(concord: Concord, golden: GoldenQuestion) -> Question:
    """A golden question as its principal asks it, inside its use case."""
    principal = concord.foundation.directory.principal(golden.principal)
    use_case = choose(concord.foundation.use_cases, golden.use_case, principal)
    return question_of(golden.question, principal, use_case, golden.as_of)


if __name__ == "__main__":
    main()
