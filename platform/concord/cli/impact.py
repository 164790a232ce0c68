"""How previews of changes are shown to people."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from concord.cli.output import console, row, say, table
from concord.governance.preview import Preview, Undetermined

if TYPE_CHECKING:
    from concord.governance.preview import AffectedUseCase, Items, Questions
    from concord_taxonomy.skos import Vocabulary

T = TypeVar("T")
SHOWN = 20


def show_preview(preview: Preview, *vocabularies: Vocabulary) -> None:
    """Print a preview; concepts by their labels in the first of the vocabularies that has them."""
    _part("items", preview.items, lambda items: _items(items, vocabularies))
    _part("answers", preview.questions, _questions)
    _part("use cases", preview.use_cases, lambda each: _use_cases(each, vocabularies))


def _part(name: str, part: T | Undetermined, show: Callable[[T], None]) -> None:
    if isinstance(part, Undetermined):
        say(f"{name}: undetermined: {part.reason}")
    else:
        show(part)


def _items(items: Items, vocabularies: Sequence[Vocabulary]) -> None:
    retagged = [each for each in items.changed if each.retagged]
    others = len(items.changed) - len(retagged)
    more = ", of those looked at until the limit (governance.preview_items)" if items.limited else ""
    say(f"items: {len(retagged)} retagged, {others} described anew in other fields, of those that you may read{more}")
    if not items.changed:
        return
    shown = table("item", "title", "comes", "goes", "other fields")
    for each in items.changed[:SHOWN]:
        fields = each.gone or ", ".join(each.fields)
        row(
            shown,
            each.identifier,
            each.title,
            _labels(each.added, vocabularies),
            _labels(each.removed, vocabularies),
            fields,
        )
    console().print(shown)
    if len(items.changed) > SHOWN:
        say(f"… and {len(items.changed) - SHOWN} more (--json lists them)")


def _questions(questions: Questions) -> None:
    say(
        f"answers: {len(questions.changed)} of {questions.asked} questions of the last {questions.days} days change"
        + (f", {questions.unknown} undetermined" if questions.unknown else "")
    )
    if questions.limited:
        say("  only the newest questions were asked again (governance.preview_questions)")
    for each in questions.changed[:SHOWN]:
        say(f"  {each.question or '(a question of somebody else)'}: {', '.join(each.changes)}")
        if each.cited_before != each.cited_after:
            said = [", ".join(cited) or "no answer" for cited in (each.cited_before, each.cited_after)]
            say(f"    {said[0]} → {said[1]}")
    if len(questions.changed) > SHOWN:
        say(f"… and {len(questions.changed) - SHOWN} more (--json lists them)")


def _use_cases(use_cases: tuple[AffectedUseCase, ...], vocabularies: Sequence[Vocabulary]) -> None:
    say(f"use cases: {len(use_cases)} affected, of those that you may see")
    for each in use_cases:
        parts = [
            each.declaration and f"declaration {each.declaration}",
            each.concepts and f"concepts {_labels(each.concepts, vocabularies)}",
            each.sources and f"sources {', '.join(each.sources)}",
            each.audience_added and f"{each.audience_added} people come in",
            each.audience_removed and f"{each.audience_removed} people lose access",
        ]
        say(f"  {each.title} ({each.id}): {'; '.join(part for part in parts if part)}")


def _labels(iris: tuple[str, ...], vocabularies: Sequence[Vocabulary]) -> str:
    concepts = ChainMap(*(dict(each.concepts) for each in vocabularies))
    names = [concepts[iri].label() if iri in concepts else iri for iri in iris[:5]]
    return ", ".join(names) + (f" and {len(iris) - 5} more" if len(iris) > 5 else "")
