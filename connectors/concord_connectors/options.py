"""Checks of connector options, which come from YAML files that people write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from concord_connectors.errors import OptionError


def text_option(option: str, value: object) -> str:
    """A non-empty text without NUL; raises `OptionError`."""
    if not isinstance(value, str) or not value.strip():
        raise OptionError(option, "must be a non-empty text")
    if "\0" in value:
        raise OptionError(option, "must not hold a NUL character")
    return value


def count_option(option: str, value: object) -> int:
    """An integer of at least 1; raises `OptionError`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise OptionError(option, f"must be a whole number of at least 1, not {value!r}")
    return value


def switch_option(option: str, value: object) -> bool:
    """True or false; raises `OptionError`."""
    if not isinstance(value, bool):
        raise OptionError(option, f"must be true or false, not {value!r}")
    return value


def day_option(option: str, value: object) -> date | None:
    """A date, or its ISO text; None where it is left out. Raises `OptionError`."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise OptionError(option, f"must be a date such as 2020-01-31, not {str(value)!r}") from None


def texts_option(option: str, value: object) -> tuple[str, ...]:
    """A list of non-empty texts; raises `OptionError`."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise OptionError(option, "must be a list of texts")
    return tuple(text_option(option, each) for each in value)
