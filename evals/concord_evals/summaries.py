"""A gate's outcome for where changes are reviewed: Markdown for a pull request, JUnit for what shows test results."""

from __future__ import annotations

from collections.abc import Sequence

from concord_evals.exports import xml_text
from concord_evals.gate import Gate
from concord_evals.runs import Run
from concord_evals.statistics import Verdict

SHOWN = 50
"""Questions that a summary lists."""


def markdown(gate: Gate, baseline: Run, candidate: Run, notes: Sequence[str] = ()) -> str:
    """The outcome as Markdown: the verdict with its reasons, what differs, metrics, and the questions that flipped."""
    lines = [f"## Evaluation: {gate.verdict.value}", "", *(f"- {_line(each)}" for each in gate.reasons), ""]
    prints = [
        f"- {name}: `{before}` → `{after}`"
        for name, after in candidate.fingerprints.items()
        if (before := baseline.fingerprints.get(name)) != after
    ]
    lines += [f"Run `{candidate.id[:8]}` beside `{baseline.id[:8]}`, {len(candidate.questions)} questions.", ""]
    lines += [*(prints or ["Nothing that answers depend on differs."]), ""]
    lines += ["| Metric | Before | After | Interval of the difference | p | Verdict |", "|---|---|---|---|---|---|"]
    for name, each in gate.comparison.metrics.items():
        low, high = each.interval
        lines.append(
            f"| {name} | {each.baseline:.3f} | {each.candidate:.3f} | {low:+.3f} to {high:+.3f} | {each.p:.3f} "
            f"| {each.verdict.value} |"
        )
    for name, part in gate.comparison.resources.items():
        if part.baseline is None or part.candidate is None or part.interval is None:
            lines.append(f"| {name} a question | undetermined | undetermined | | | |")
        else:
            low, high = part.interval
            lines.append(
                f"| {name} a question | {part.baseline:.4g} | {part.candidate:.4g} | {low:+.3g} to {high:+.3g} | | |"
            )
    flips = gate.comparison.flips
    if flips:
        lines += ["", "| Question | Lost | Gained | Stage |", "|---|---|---|---|"]
    for flip in flips[:SHOWN]:
        lines.append(
            f"| {_cell(f'{flip.id}: {flip.question}')} | {' '.join(flip.lost)} | {' '.join(flip.gained)} "
            f"| {flip.stage or ''} |"
        )
    if len(flips) > SHOWN:
        lines += ["", f"And {len(flips) - SHOWN} more."]
    if notes:
        lines += ["", *(f"- {_line(each)}" for each in notes)]
    return "\n".join(lines) + "\n"


def junit(gate: Gate, candidate: Run) -> bytes:
    """A test case for the gate and one for each metric: a failure where it failed, an error where none can tell."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    cases = [("gate", gate.verdict, "; ".join(gate.reasons))]
    cases += [(name, each.verdict, each.reason) for name, each in gate.comparison.metrics.items()]
    # A metric that fell by itself, and not by more than chance among so many, is no failure.
    failed = [*gate.failed, *(["gate"] if gate.verdict is Verdict.FAIL else [])]
    suite = etree.Element(
        "testsuite",
        name="concord eval gate",
        tests=str(len(cases)),
        failures=str(len(failed)),
        errors=str(int(gate.verdict is Verdict.INCONCLUSIVE)),
    )
    for name, verdict, reason in cases:
        case = etree.SubElement(suite, "testcase", classname=candidate.id[:8], name=name)
        if name in failed:
            etree.SubElement(case, "failure", message=xml_text(reason))
        elif verdict is Verdict.INCONCLUSIVE and name == "gate":
            etree.SubElement(case, "error", message=xml_text(reason))
        elif verdict is not Verdict.PASS:
            etree.SubElement(case, "skipped", message=xml_text(reason))
    whole: bytes = etree.tostring(suite, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return whole


def _line(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;")


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
