"""`concord taxonomy propose`: changes of terms, decided on before they are in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AsJson, AsUser, opened, principal

if TYPE_CHECKING:
    from concord_taxonomy.changes import TermChange, Word
    from concord_taxonomy.skos import Vocabulary

Concept = Annotated[
    str, typer.Argument(metavar="CONCEPT", help="A concept: its IRI, or its label.", show_default=False)
]
Why = Annotated[str, typer.Option("--why", help="Why; kept with the change.")]
Draft = Annotated[bool, typer.Option("--draft", help="Do not ask for a decision yet.")]
Language = Annotated[str, typer.Option("--language", "-l", help="Language of the texts, such as en.")]
Definition = Annotated[str | None, typer.Option("--definition", help="What the concept is.")]
Broader = Annotated[list[str] | None, typer.Option("--broader", help="A concept right above it.")]
Related = Annotated[list[str] | None, typer.Option("--related", help="A related concept.")]
Alternatives = Annotated[list[str] | None, typer.Option("--alt", help="Another word for it.")]

_RELATIONS = {"exact": "exactMatch", "close": "closeMatch", "broad": "broadMatch", "narrow": "narrowMatch"}
_RELATIONS |= {"related": "relatedMatch", "none": ""}


def register(taxonomy: typer.Typer) -> None:
    """Add the commands."""
    propose = typer.Typer(
        no_args_is_help=True, help="Propose changes of terms; once approved, they are written into the files."
    )
    for command in (add, change, merge, split, deprecate, align):
        propose.command(command.__name__)(command)
    taxonomy.add_typer(propose, name="propose")


def add(
    ctx: typer.Context,
    label: Annotated[str, typer.Argument(help="The preferred label.", show_default=False)],
    scheme: Annotated[str | None, typer.Option("--scheme", help="Its scheme. Default: the shared one.")] = None,
    iri: Annotated[str | None, typer.Option("--iri", help="Its IRI. Default: made of the label.")] = None,
    alt: Alternatives = None,
    definition: Definition = None,
    broader: Broader = None,
    related: Related = None,
    language: Language = "en",
    as_: AsUser = None,
    why: Why = "",
    draft: Draft = False,
    as_json: AsJson = False,
) -> None:
    """Propose a new concept; without --broader it is a top concept of its scheme."""
    from concord_taxonomy.changes import AddConcept, concept_called, new_iri, scheme_called

    def made(vocabulary: Vocabulary) -> TermChange:
        place = scheme_called(vocabulary, scheme)
        return AddConcept(
            iri=iri or new_iri(vocabulary, place, label),
            scheme=place,
            pref_label=_words([label], language),
            alt_label=_words(alt, language),
            definition=_words([definition] if definition else None, language),
            broader=tuple(concept_called(vocabulary, each) for each in broader or ()),
            related=tuple(concept_called(vocabulary, each) for each in related or ()),
        )

    _propose(ctx, made, as_, why, draft, as_json)


def change(
    ctx: typer.Context,
    concept: Concept,
    label: Annotated[
        str | None, typer.Option("--label", help="The preferred label; the old one stays as another.")
    ] = None,
    alt: Alternatives = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="A label to take away.")] = None,
    definition: Definition = None,
    broader: Broader = None,
    not_broader: Annotated[
        list[str] | None, typer.Option("--not-broader", help="One that is above it no more.")
    ] = None,
    related: Related = None,
    not_related: Annotated[list[str] | None, typer.Option("--not-related", help="One that is related no more.")] = None,
    language: Language = "en",
    as_: AsUser = None,
    why: Why = "",
    draft: Draft = False,
    as_json: AsJson = False,
) -> None:
    """Propose other words for a concept, or another place for it."""
    from concord_taxonomy.changes import ChangeConcept, concept_called

    def made(vocabulary: Vocabulary) -> TermChange:
        def called(names: list[str] | None) -> tuple[str, ...]:
            return tuple(concept_called(vocabulary, each) for each in names or ())

        return ChangeConcept(
            iri=concept_called(vocabulary, concept),
            pref_label=_words([label] if label else None, language),
            definition=_words([definition] if definition else None, language),
            add_label=_words(alt, language),
            remove_label=_words(remove, language),
            add_broader=called(broader),
            remove_broader=called(not_broader),
            add_related=called(related),
            remove_related=called(not_related),
        )

    _propose(ctx, made, as_, why, draft, as_json)


def merge(
    ctx: typer.Context,
    lost: Annotated[str, typer.Argument(help="The concept that goes: its IRI, or its label.", show_default=False)],
    kept: Annotated[str, typer.Argument(help="The concept that takes its words and its place.", show_default=False)],
    as_: AsUser = None,
    why: Why = "",
    draft: Draft = False,
    as_json: AsJson = False,
) -> None:
    """Propose that two concepts of a scheme are one; what is tagged with the lost one follows."""
    from concord_taxonomy.changes import MergeConcepts, concept_called

    def made(vocabulary: Vocabulary) -> TermChange:
        return MergeConcepts(lost=concept_called(vocabulary, lost), kept=concept_called(vocabulary, kept))

    _propose(ctx, made, as_, why, draft, as_json)


def split(
    ctx: typer.Context,
    concept: Concept,
    into: Annotated[
        list[str], typer.Option("--into", help="Label of a new concept; at least two.", show_default=False)
    ],
    replace: Annotated[bool, typer.Option("--replace", help="In place of the concept, which is deprecated.")] = False,
    language: Language = "en",
    as_: AsUser = None,
    why: Why = "",
    draft: Draft = False,
    as_json: AsJson = False,
) -> None:
    """Propose that a concept is several: narrower ones of it, or others in its place."""
    from concord_taxonomy.changes import Part, SplitConcept, concept_called, new_iri

    if len(set(into)) < 2:
        raise typer.BadParameter("a concept is split into two or more: give --into twice, with different labels")

    def made(vocabulary: Vocabulary) -> TermChange:
        iri = concept_called(vocabulary, concept)
        scheme = next(iter(vocabulary.concepts[iri].in_scheme), vocabulary.shared_scheme)
        parts = tuple(
            Part(iri=new_iri(vocabulary, scheme, label), label=word)
            for label, word in zip(into, _words(into, language), strict=True)
        )
        return SplitConcept(iri=iri, into=parts, replace=replace)

    _propose(ctx, made, as_, why, draft, as_json)


def deprecate(
    ctx: typer.Context,
    concept: Concept,
    use: Annotated[str | None, typer.Option("--use", help="The concept to use instead.")] = None,
    as_: AsUser = None,
    why: Why = "",
    draft: Draft = False,
    as_json: AsJson = False,
) -> None:
    """Propose that a concept is not used any more."""
    from concord_taxonomy.changes import DeprecateConcept, concept_called

    def made(vocabulary: Vocabulary) -> TermChange:
        replaced_by = concept_called(vocabulary, use) if use else None
        return DeprecateConcept(iri=concept_called(vocabulary, concept), replaced_by=replaced_by)

    _propose(ctx, made, as_, why, draft, as_json)


def align(
    ctx: typer.Context,
    concept: Concept,
    relation: Annotated[
        str, typer.Argument(help="exact, close, broad, narrow, related or none (a rejection).", show_default=False)
    ],
    target: Annotated[str, typer.Argument(help="A concept of another scheme.", show_default=False)],
    as_: AsUser = None,
    why: Why = "",
    draft: Draft = False,
    as_json: AsJson = False,
) -> None:
    """Propose how concepts of two schemes relate: `align eng:pto exact "annual leave"`."""
    from concord.cli import decisions
    from concord_taxonomy.alignment import Relation
    from concord_taxonomy.changes import concept_called

    if relation not in _RELATIONS:
        raise typer.BadParameter(f"no relation is called {relation!r}: one of {', '.join(_RELATIONS)}")

    named = _RELATIONS[relation]
    with opened(ctx) as concord:
        who, vocabulary = principal(concord, as_), concord.foundation.vocabulary
        pair = concept_called(vocabulary, concept), concept_called(vocabulary, target)
        decisions.propose(concord, pair, Relation(named) if named else None, who, why, as_json, draft=draft)


def _propose(
    ctx: typer.Context,
    made: Callable[[Vocabulary], TermChange],
    as_: str | None,
    why: str,
    draft: bool,
    as_json: bool,
) -> None:
    from concord.cli.term_proposals import submit

    with opened(ctx) as concord:
        who, vocabulary = principal(concord, as_), concord.foundation.vocabulary
        submit(concord, lambda: made(vocabulary), who, why, draft, as_json)


def _words(texts: list[str] | None, language: str) -> tuple[Word, ...]:
    from concord_taxonomy.changes import Word

    return tuple(Word(text=" ".join(text.split()), language=language.lower()) for text in texts or ())
