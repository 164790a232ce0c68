"""Vocabularies of any size: checked, loaded and tagged with, and labels matched, beside rdflib and Skosify in one run.

    python benchmarks/taxonomy.py [--seed 0] [--scale 1] [--json] [--check]

At scale 1 a vocabulary of 120,000 triples is checked in under 10 s of CPU time, one of 1,000,000 triples is loaded and
tagged with within 2 GiB, each in a process of its own, and 10,000 labels are looked for in prose at 5 MB/s. The peers
read the same file of 120,000 triples: rdflib parses it, Skosify parses and checks it. One that is not installed
(`pip install rdflib skosify`) is undetermined. Concepts have labels in two languages, notes, and a tree of them; their
words are drawn from a made-up lexicon, for matching from real prose, so that labels begin and break off in it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus import read_prose

from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import Concept, Label, Vocabulary

CHECKED, LOADED, LABELS, MEGABYTES, ROUNDS = 120_000, 1_000_000, 10_000, 2, 3
PEERS = ("rdflib", "skosify")
LIMITS = {"check_cpu_seconds": 10.0, "load_gib": 2.0, "match_mb_per_second": 5.0}
_SYLLABLES = ("ba", "ko", "ri", "ten", "mo", "las", "ve", "dur", "pin", "gra", "sol", "ter", "qua", "nim", "fel")
_HEAD = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix v: <https://bench.example/v/> .
v:scheme a skos:ConceptScheme ; dcterms:title "Benchmark"@en .
"""
_WORK = {
    "check": """
from concord_taxonomy.quality import check
report = check({str(path): path.read_bytes()})
done = {"triples": report.triples, "concepts": report.concepts, "findings": len(report.findings)}
""",
    "load": """
from concord_taxonomy.labels import LabelIndex
from concord_taxonomy.skos import read_vocabulary
from concord_taxonomy.tagging import tag
vocabulary = read_vocabulary([path])
index = LabelIndex(vocabulary)
words = [label.text for concept in list(vocabulary.concepts.values())[:2000] for label in concept.pref_label]
bodies = [" and ".join([text, *words[at : at + 200]] * 3) for at, text in enumerate(words[:200])]
tags = sum(len(tag(text, [], body, index, vocabulary)) for text, body in zip(words, bodies))
done = {"concepts": len(vocabulary.concepts), "items": len(bodies), "tags": tags}
""",
    "rdflib": """
import rdflib
done = {"triples": len(rdflib.Graph().parse(path, format="turtle"))}
""",
    "skosify": """
import logging, skosify
logging.disable(logging.CRITICAL)
done = {"triples": len(skosify.skosify(str(path), label="Benchmark"))}
""",
}
_CHILD = """
import json, resource, sys, time
from pathlib import Path
path, began = Path(sys.argv[1]), time.process_time()
{work}
used = resource.getrusage(resource.RUSAGE_SELF)
done |= {{"cpu_seconds": round(time.process_time() - began, 2), "gib": round(used.ru_maxrss / 2**20, 3)}}
print(json.dumps(done))
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="times 120,000 and 1,000,000 triples")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a limit is missed or a peer missing")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with TemporaryDirectory(prefix="concord-bench-") as folder:
        small, large = Path(folder, "small.ttl"), Path(folder, "large.ttl")
        small.write_text(turtle(round(CHECKED * options.scale), rng), "utf-8")
        large.write_text(turtle(round(LOADED * options.scale), rng), "utf-8")
        checked = run("check", small)
        report: dict[str, Any] = {"check": checked, "load": run("load", large), "match": match(rng)}
        for peer in PEERS:
            report[peer] = run(peer, small) if find_spec(peer) else "undetermined: not installed"
            if isinstance(report[peer], dict):
                report[peer]["ratio"] = round(report[peer]["cpu_seconds"] / checked["cpu_seconds"], 1)
    seen = {
        "check_cpu_seconds": checked["cpu_seconds"],
        "load_gib": report["load"]["gib"],
        "match_mb_per_second": report["match"]["mb_per_second"][1],
    }
    report["met"] = {
        name: seen[name] >= LIMITS[name] if "per" in name else seen[name] < LIMITS[name] for name in LIMITS
    }
    print(json.dumps(report, indent=2) if options.json else table(report))
    measured = all(isinstance(report[peer], dict) for peer in PEERS)
    return int(options.check and not (measured and all(report["met"].values())))


def run(work: str, path: Path) -> dict[str, Any]:
    """Do a piece of work in a process of its own: what it found, its CPU seconds and its memory at most."""
    command = [sys.executable, "-c", _CHILD.format(work=_WORK[work]), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{work}: {done.stderr.strip()}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def match(rng: random.Random) -> dict[str, Any]:
    """Look for labels in prose: megabytes a second of CPU time, lowest, median and highest round."""
    sentences = read_prose().sentences
    words = sorted({word for sentence in sentences for word in re.findall("[a-z]{3,}", sentence)})
    index = LabelIndex(Vocabulary.build(_matched(sentences, words, rng)))
    text = "\n".join(rng.choices(sentences, k=len(sentences)))
    text = (text * (MEGABYTES * 1_000_000 // len(text) + 1))[: MEGABYTES * 1_000_000]
    rates, found = [], 0
    for _ in range(ROUNDS):
        began = time.process_time()
        found = len(index.find(text))
        rates.append(len(text.encode()) / 1e6 / (time.process_time() - began))
    return {
        "labels": LABELS,
        "megabytes": MEGABYTES,
        "words_a_match": round(len(re.findall(r"\w+", text)) / max(1, found), 1),
        "mb_per_second": [round(each, 1) for each in (min(rates), statistics.median(rates), max(rates))],
    }


def _matched(sentences: tuple[str, ...], words: list[str], rng: random.Random) -> Iterator[Concept]:
    """Concepts with one label each: a fifth are found in the prose, the others begin there and break off.

    The real IPSV, 7,945 labels, matches every twelfth word of the sample's pages; so do these, about.
    """
    labels: dict[str, None] = {}
    while len(labels) < LABELS:
        count = rng.choice((1, 2, 2, 2, 3, 3))
        if len(labels) % 5 == 0:
            there = re.findall(r"\w+", rng.choice(sentences))
            at = rng.randrange(max(1, len(there)))
            found = there[at : at + max(2, count)]
            if len(found) > 1 and min(len(found[0]), len(found[-1])) > 3:
                labels[" ".join(found)] = None
        else:
            labels[" ".join([*rng.choices(words, k=count - 1), "".join(rng.choices(_SYLLABLES, k=3))])] = None
    for number, label in enumerate(labels):
        yield Concept(f"https://bench.example/{number}", pref_label=(Label(label, "en"),))


def turtle(triples: int, rng: random.Random) -> str:
    """A vocabulary of about so many triples: 11.5 for each concept."""
    words = list(dict.fromkeys("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(6_000)))
    count = max(12, round(triples / 11.49))
    parents: dict[int, int] = {number: rng.randrange(max(1, number // 8)) for number in range(10, count)}
    children: dict[int, list[int]] = {}
    for child, parent in parents.items():
        children.setdefault(parent, []).append(child)

    def label(count: int | None = None) -> str:
        return " ".join(rng.choices(words, k=count or rng.choice((1, 2, 2, 2, 3, 3, 4))))

    def concept(number: int) -> str:
        said = [
            "a skos:Concept ; skos:inScheme v:scheme",
            f'skos:prefLabel "{label()} {number}"@en , "{label()} {number}"@de',
            f'skos:altLabel "{label()}"@en , "{label()}"@en',
            f'skos:definition "{label(12)}."@en',
            f'skos:notation "{number}" ; dcterms:created "2020-01-{rng.randint(1, 28):02}"',
            f"skos:broader v:c{parents[number]}" if number in parents else "skos:topConceptOf v:scheme",
        ]
        if number in children:
            said.append("skos:narrower " + " , ".join(f"v:c{child}" for child in children[number]))
        if rng.random() < 0.5:
            said.append(f"skos:related v:c{rng.randrange(count)}")
        return f"v:c{number} " + " ;\n  ".join(said) + " .\n"

    tops = "v:scheme skos:hasTopConcept " + " , ".join(f"v:c{number}" for number in range(10)) + " .\n"
    return _HEAD + tops + "".join(map(concept, range(count)))


def table(report: dict[str, Any]) -> str:
    """The report for a person."""
    checked, loaded, matched = report["check"], report["load"], report["match"]
    rates = matched["mb_per_second"]
    lines = [
        f"check: {checked['triples']:,} triples in {checked['cpu_seconds']} s of CPU, {checked['gib']} GiB",
        f"load and tag: {loaded['concepts']:,} concepts in {loaded['cpu_seconds']} s of CPU, {loaded['gib']} GiB",
        f"match: {matched['labels']:,} labels, a match every {matched['words_a_match']} words, {rates[1]} MB/s "
        f"({rates[0]} to {rates[2]} over {ROUNDS} rounds)",
    ]
    for peer in PEERS:
        seen = report[peer]
        if isinstance(seen, dict):
            seen = f"{seen['cpu_seconds']} s of CPU, {seen['gib']} GiB: {seen['ratio']} times our check"
        lines.append(f"{peer}: {seen}")
    lines += [f"{name}: {'met' if met else 'MISSED'} (limit {LIMITS[name]:g})" for name, met in report["met"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
