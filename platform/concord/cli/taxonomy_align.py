"""`concord taxonomy align`: which concepts of two schemes mean the same, and what stewards decided about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concord.cli.context import AsJson, AsUser, State, principal, workspace_folder
from concord.cli.errors import CommandError
from concord.cli.output import print_json

if TYPE_CHECKING:
    from concord.bootstrap import Concord
    from concord.cli.schemes import Schemes
    from concord_taxonomy.alignment import Alignment, Decisions, Encode, Items

Side = Annotated[
    str,
    typer.Argument(
        help="A scheme: its IRI, publisher or title in the workspace (`shared`: the shared one), or a file or folder.",
        show_default=False,
    ),
]
Pair = tuple[str, str]


def align(
    ctx: typer.Context,
    left: Side,
    right: Side,
    as_: AsUser = None,
    accept: Annotated[
        Pair | None, typer.Option("--accept", metavar="LEFT RIGHT", help="Decide that two concepts match.")
    ] = None,
    reject: Annotated[
        Pair | None, typer.Option("--reject", metavar="LEFT RIGHT", help="Decide that two concepts do not match.")
    ] = None,
    relation: Annotated[
        str,
        typer.Option(help="How accepted ones match: exactMatch, closeMatch, broadMatch, narrowMatch, relatedMatch."),
    ] = "closeMatch",
    why: Annotated[str, typer.Option(help="Why it is decided so.")] = "",
    decisions: Annotated[
        Path | None,
        typer.Option(help="Decisions on files outside of a workspace. Default: alignments.ttl beside LEFT."),
    ] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Least score of a proposal.")] = 0.5,
    embeddings: Annotated[bool, typer.Option(help="Compare labels and definitions by the embedding model too.")] = True,
    as_json: AsJson = False,
) -> None:
    """Propose which concepts of two schemes match, each with its score and evidence; report homonyms.

    Every proposal is a closeMatch. With --as, items that USER may read count as evidence too. In a workspace a decision
    is a proposal that changes taxonomy/alignments.ttl; later runs respect what is in force.
    """
    from concord.bootstrap import Concord
    from concord.cli import alignments
    from concord.cli import decisions as decided
    from concord.cli.schemes import find_schemes
    from concord.workspace import WorkspaceNotFound

    if accept and reject:
        raise CommandError("one decision at a time: pass --accept or --reject")
    files = [Path(side) for side in (left, right) if Path(side).exists()]
    concord = None
    if len(files) < 2:
        try:
            concord = Concord.open(workspace_folder(ctx))
        except WorkspaceNotFound:
            if isinstance(ctx.obj, State) and ctx.obj.workspace is not None:
                raise
    try:
        schemes = find_schemes(concord.foundation.vocabulary if concord else None, left, right)
        file = decisions or _beside(files)
        if named := accept or reject:
            pair, match = _pair(schemes, named), decided.relation_called(relation) if accept else None
            if concord is None:
                decided.write(file, pair, match, as_, why, as_json)
            else:
                decided.propose(concord, pair, match, principal(concord, as_), why, as_json)
            return
        held = decided.in_force(concord) if concord else decided.of_file(file)
        made = _aligned(concord, schemes, held, as_, min_score, embeddings)
        if as_json:
            print_json(alignments.to_json(made, schemes.vocabulary))
        else:
            alignments.show(made, schemes.vocabulary)
    finally:
        if concord is not None:
            concord.close()


def _beside(files: list[Path]) -> Path:
    """Where decisions on files are kept, unless it is said."""
    if not files:
        return Path("alignments.ttl")
    return (files[0] if files[0].is_dir() else files[0].parent) / "alignments.ttl"


def _pair(schemes: Schemes, names: Pair) -> Pair:
    return schemes.concept(schemes.left, names[0]), schemes.concept(schemes.right, names[1])


def _aligned(
    concord: Concord | None, schemes: Schemes, held: Decisions, as_: str | None, min_score: float, embeddings: bool
) -> Alignment:
    from concord_taxonomy.alignment import AlignmentOptions, align

    return align(
        schemes.vocabulary,
        schemes.left,
        schemes.right,
        items=_items(concord, schemes, as_),
        encode=_encode(concord) if embeddings else None,
        decisions=held,
        options=AlignmentOptions(min_score=min_score),
    )


def _items(concord: Concord | None, schemes: Schemes, as_: str | None) -> Items:
    """Items by concept, as far as the asker may read them; none where nobody asks."""
    from concord_taxonomy.alignment import items_of

    if concord is None or not as_:
        return {}
    from concord.bootstrap.aligning import documents

    found = documents(concord, principal(concord, as_))
    return items_of(schemes.vocabulary, (schemes.left, schemes.right), found)


def _encode(concord: Concord | None) -> Encode:
    from concord.bootstrap.aligning import label_vectors
    from concord.embedding import encode_all, open_encoder

    if concord is not None:
        return lambda texts: label_vectors(concord, texts)  # type: ignore[return-value]
    encoder = open_encoder()
    return lambda texts: encode_all(encoder, texts)  # type: ignore[return-value]
