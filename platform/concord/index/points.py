"""Points as every engine stores them: checked, normalised, with open validity bounds as numbers."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from concord.index import sparse
from concord.index.errors import InvalidPoint, InvalidRequest
from concord.index.protocol import Payload, Point

MAX_TEXT = 1_000_000

# Days are proleptic Gregorian ordinals (1 to 3,652,059), so that an open end is a number beyond them: a point
# without the field would never match a range, and "or is empty" would double the conditions of every filter.
OPEN_FROM = 0
OPEN_UNTIL = 4_000_000


def check(point: Point, dimension: int) -> Point:
    """Return `point` with its id, vector and texts as they are stored; raise `InvalidPoint` where it cannot be."""
    try:
        if not point.payload.identifier:
            raise ValueError("it names no item: set payload.identifier")
        for text in (point.text, point.label_text):
            if len(text) > MAX_TEXT:
                raise ValueError(f"its text has {len(text)} characters, at most {MAX_TEXT} are indexed: chunk it")
        return Point(
            id=canonical_id(point.id),
            dense=unit_vector(point.dense, dimension),
            text=sparse.clean(point.text),
            label_text=sparse.clean(point.label_text),
            payload=point.payload,
        )
    except ValueError as error:
        raise InvalidPoint(str(point.id), str(error)) from None


def canonical_id(text: str) -> str:
    """Return a point id as the engine writes it; raise `ValueError` where it is no UUID."""
    try:
        return str(UUID(text))
    except (ValueError, AttributeError, TypeError):
        raise ValueError("its id is no UUID: derive one, as with uuid.uuid5") from None


def kept_ids(keep: Sequence[str]) -> set[str]:
    """Return the ids that a deletion leaves alone; raise `InvalidRequest` for one that is no UUID."""
    try:
        return {canonical_id(text) for text in keep}
    except ValueError as error:
        raise InvalidRequest(f"a point to keep cannot be found: {error}") from None


def unit_vector(vector: Sequence[float], dimension: int) -> list[float]:
    """Return `vector` as float32 values of length 1; raise `ValueError` where the engine would lose it.

    The engine takes NaN, infinite and zero vectors without a word and never finds them again; it also leaves a very
    short vector as it is, which spoils its cosine, so the length is set here.
    """
    try:
        values = to_float32(vector)
    except TypeError:
        raise ValueError("its vector holds something that is no number") from None
    if len(values) != dimension:
        raise ValueError(f"its vector has {len(values)} dimensions, the index has {dimension}")
    length = math.hypot(*values)
    if not math.isfinite(length):
        raise ValueError("its vector holds NaN or an infinite number")
    if length == 0.0:
        raise ValueError("its vector is zero, which has no direction to compare")
    return array("f", [value / length for value in values]).tolist()


def to_float32(vector: Sequence[float]) -> array[float]:
    """Return `vector` in single precision, copying memory where it already is (array, numpy, bytes as float32)."""
    try:
        view = memoryview(vector)  # type: ignore[arg-type]  # lists and tuples have no buffer, arrays have
    except TypeError:
        return array("f", vector)
    if view.format != "f" or not view.c_contiguous or view.ndim != 1:
        return array("f", vector)
    values: array[float] = array("f")
    values.frombytes(view.cast("B"))
    return values


def payload_to_engine(payload: Payload) -> dict[str, Any]:
    """Return the payload under the field names that filters use; absent values are left out."""
    fields: dict[str, Any] = {
        "identifier": payload.identifier,
        "revision": payload.revision,
        "ordinal": payload.ordinal,
        "readers": list(payload.readers),
        "status": payload.status,
        "source": payload.source,
        "concepts": list(payload.concepts),
        "valid_from": payload.valid_from.toordinal() if payload.valid_from else OPEN_FROM,
        "valid_until": payload.valid_until.toordinal() if payload.valid_until else OPEN_UNTIL,
    }
    if payload.publisher is not None:
        fields["publisher"] = payload.publisher
    if payload.tier is not None:
        fields["tier"] = payload.tier
    return fields


def payload_from_engine(fields: Mapping[str, Any]) -> Payload:
    """Return the payload that `payload_to_engine` wrote."""
    start, end = fields["valid_from"], fields["valid_until"]
    return Payload(
        identifier=fields["identifier"],
        revision=fields["revision"],
        ordinal=fields["ordinal"],
        readers=tuple(fields["readers"]),
        status=fields["status"],
        source=fields["source"],
        publisher=fields.get("publisher"),
        tier=fields.get("tier"),
        concepts=tuple(fields["concepts"]),
        valid_from=None if start == OPEN_FROM else date.fromordinal(start),
        valid_until=None if end == OPEN_UNTIL else date.fromordinal(end),
    )
