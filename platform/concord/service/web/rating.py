"""What a person says of an answer: a thumb, or what is wrong with it and what gives the right one."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.evidenced import is_address, is_quote
from concord.bootstrap.traced import correct
from concord.catalog import items
from concord.catalog.engine import reading
from concord.service.web.evidenced import Given
from concord.service.web.forms import form, own_path
from concord.service.web.guard import HEADERS
from concord.service.web.pages import pages
from concord.service.web.viewer import Looking, Viewer
from concord_feedback import Rating
from concord_feedback.corrections import MAX_EVIDENCE, MAX_WORDS, Reason
from concord_taxonomy.standard import Principal

router = APIRouter(include_in_schema=False)


class RatingForm(BaseModel):
    """A rating as the page sends it: `page` are pages that were offered, `elsewhere` is the address of another."""

    model_config = ConfigDict(extra="forbid")

    trace: str = Field(min_length=1, max_length=100)
    helpful: bool
    reason: Reason | None = None
    comment: str = Field(default="", max_length=MAX_WORDS)
    right_answer: str = Field(default="", max_length=MAX_WORDS)
    page: tuple[Annotated[str, Field(min_length=1, max_length=2_000)], ...] = Field(
        default=(), max_length=MAX_EVIDENCE - 1
    )
    elsewhere: str = Field(default="", max_length=2_000)
    back: str = Field(default="/", max_length=4_000)


@router.post("/feedback")
async def feedback(request: Request, asker: Looking) -> Response:
    """Keep a rating by the very function that the API calls; where a script sent it, answer with what it changes."""
    given = await form(request, RatingForm)

    def kept(concord: Concord, who: Principal) -> dict[str, Any]:
        with reading(concord.engine) as connection:
            rating, unfound = _rating(connection, who, given)
        per_hour = concord.settings.service.corrections_per_hour
        made = correct(concord.engine, who, given.trace, rating, per_hour, concord.desk)
        with reading(concord.engine) as connection:
            evidence = Given.of(connection, who, made)
        viewer = Viewer(concord, who)
        return {"viewer": viewer, "said": made, "given": evidence, "unfound": unfound, "outcome": ""}

    told = await asker.read(Action.CORRECT, kept)
    if "hx-request" not in request.headers:
        return RedirectResponse(own_path(given.back), 303, HEADERS)
    return await pages(request).show(request, "_said.html", **told)


def _rating(connection: Connection, who: Principal, given: RatingForm) -> tuple[Rating, str]:
    """The rating, and what names no page here that the person may read; no address or quote, it is kept as words."""
    named = _identifier(given.elsewhere)
    found = named and items.readable(connection, who, [named])
    elsewhere = given.elsewhere.strip()
    words: dict[str, Any] = {"comment": given.comment}
    more: tuple[str, ...] = tuple(found or ())
    unfound = ""
    if elsewhere and not found and (is_address(elsewhere) or is_quote(elsewhere)):
        more = (elsewhere,)
        unfound = elsewhere if "/items/" in elsewhere else ""
    elif elsewhere and not found:
        unfound = elsewhere
        words["comment"] = f"{given.comment}\n\nSee: {elsewhere}".strip()[:MAX_WORDS]
    evidence = dict.fromkeys((*given.page, *more))
    rating = Rating(
        helpful=given.helpful,
        reason=None if given.helpful else given.reason or Reason.WRONG,
        right_answer=given.right_answer,
        evidence=tuple(evidence),
        **words,
    )
    return rating, unfound


def _identifier(address: str) -> str:
    """What an address of these pages, or an identifier, names."""
    try:
        path = urlsplit(address.strip()).path if "/items/" in address else address.strip()
    except ValueError:  # no address after all
        return ""
    return unquote(path.rpartition("/items/")[2])
