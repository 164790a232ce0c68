"""Filters of cases in an address: what a list, a chart and a file are about, the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from concord.access.actions import Action
from concord.catalog.boards import Chosen
from concord.service.web.desk import words
from concord_feedback.cases import Severity
from concord_feedback.causes import RootCause

_SEVERITIES = tuple(Severity)
_Nothing = BeforeValidator(lambda value: value or None)
DAYS = {30: "30 days", 90: "90 days", 365: "a year", 0: "all time"}


class Filters(BaseModel):
    """What an address narrows cases to; a field that is not given narrows nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: Annotated[
        Literal["open", "closed", "overdue", "reopened", "new", "acknowledged", "assigned", "fix_submitted"] | None,
        _Nothing,
    ] = None
    cause: Annotated[RootCause | None, _Nothing] = None
    severity: Annotated[Severity | None, _Nothing] = None
    department: Annotated[str | None, _Nothing, Field(max_length=200)] = None
    use_case: Annotated[str | None, _Nothing, Field(max_length=200)] = None
    rule: Annotated[str | None, _Nothing, Field(max_length=40)] = None
    days: Literal["0", "30", "90", "365"] = "0"
    mine: Annotated[Literal["yes"] | None, _Nothing] = None
    gap: Annotated[Literal["yes"] | None, _Nothing] = None

    def chosen(self) -> Chosen:
        """The same for the catalog."""
        now = datetime.now(UTC)
        is_open = {"open": True, "closed": False}.get(self.state or "")
        apart = self.state if self.state not in ("open", "closed", "overdue", "reopened") else None
        return Chosen(
            since=(now - timedelta(days=int(self.days))).date() if int(self.days) else None,
            open=is_open,
            mine=True if self.mine else None,
            overdue_at=now if self.state == "overdue" else None,
            reopened=True if self.state == "reopened" else None,
            cause=self.cause.value if self.cause else None,
            department=self.department,
            use_case=self.use_case,
            rule=self.rule,
            state=apart,
            severity=_SEVERITIES.index(self.severity) if self.severity else None,
            gap=True if self.gap else None,
        )

    def given(self) -> dict[str, str]:
        """The fields that are given, as an address has them."""
        return {name: str(value) for name, value in self.model_dump(mode="json").items() if value and value != "0"}

    def address(self, path: str, **changed: str | None) -> str:
        """An address with these filters, some of them changed (None takes one away)."""
        fields = {name: value for name, value in {**self.given(), **changed}.items() if value}
        return f"{path}?{urlencode(fields)}" if fields else path

    def labels(self, titles: dict[str, str]) -> list[tuple[str, str, str]]:
        """Each filter in words: its field, its name, its value; `titles` are those of use cases."""
        named: dict[str, tuple[str, Any]] = {
            "state": ("State", {**STATES, **words.STATES}),
            "cause": ("Cause", {key: each.name for key, each in words.CAUSES.items()}),
            "severity": ("Severity", words.SEVERITIES),
            "department": ("Department", {}),
            "use_case": ("Use case", titles),
            "rule": ("Rule", words.RULES),
            "days": ("Found within", {str(key): each for key, each in DAYS.items()}),
            "mine": ("With", {"yes": "you now"}),
            "gap": ("About", {"yes": "what nothing answers"}),
        }
        return [(name, named[name][0], named[name][1].get(value, value)) for name, value in self.given().items()]


STATES = {"open": "Open", "closed": "Closed", "overdue": "Overdue", "reopened": "Opened again"}
"""What a list can be narrowed to beside the states themselves."""


async def filters(request: Request) -> Filters:
    """The filters of an address; raises `RequestValidationError`."""
    try:
        return Filters.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


Filtered = Annotated[Filters, Depends(filters)]
After = Annotated[str, Query(max_length=500, description="Where the next part of a list begins.")]

READ = Action.READ_CASES
HANDLE = Action.HANDLE_CASES
