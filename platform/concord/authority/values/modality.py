"""Whether something is required, forbidden, allowed or optional, and which of these go together."""

from __future__ import annotations

from enum import StrEnum


class Modality(StrEnum):
    """What a rule makes of an act. `ALLOWED` leaves open whether it is required too; `MAY` says that it is not."""

    REQUIRED = "required"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"
    MAY = "may"
    OPTIONAL = "optional"


_TOGETHER = frozenset(
    {
        frozenset({Modality.REQUIRED, Modality.ALLOWED}),
        frozenset({Modality.ALLOWED, Modality.MAY}),
        frozenset({Modality.ALLOWED, Modality.OPTIONAL}),
        frozenset({Modality.MAY, Modality.OPTIONAL}),
        frozenset({Modality.FORBIDDEN, Modality.OPTIONAL}),
    }
)


def agree(left: str, right: str) -> bool:
    """Whether both can hold of one act: what is required is allowed, what need not be done may be forbidden."""
    return left == right or frozenset({left, right}) in _TOGETHER
