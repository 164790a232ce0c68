"""Errors as RFC 9457 problem details, mapped in this one place.

What went wrong inside is for the log, and an unknown error tells a caller nothing but its request's id.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from concord.access.errors import TooManyTokens, UnknownPrincipal
from concord.catalog.errors import CatalogError, NoSuchItem, NoSuchRevision, NoSuchTrace, NothingApplied
from concord.governance.errors import (
    BadValue,
    GateRefused,
    GovernanceError,
    NoSuchEntry,
    NoSuchProposal,
    NotAllowed,
)
from concord.index.errors import InvalidRequest, VectorIndexError
from concord.retrieval.errors import DateToCome
from concord.service.errors import (
    Busy,
    Forbidden,
    NoSuchConcept,
    NoSuchConversation,
    NotReady,
    NotSentAsJson,
    SignInFailed,
    TimedOut,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unauthenticated,
    Unreadable,
)
from concord.usecases import UnknownUseCase
from concord.workspace.yaml_edits import CannotEdit
from concord_feedback import TooManyCorrections
from concord_feedback.errors import CaseNotPossible, NoSuchCase, TooManyDisputes
from concord_taxonomy.changes import ChangeError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
MOST_ERRORS = 50
"""Fields of an invalid request that are named at most."""
_TYPE = "urn:concord:problem:"

_log = logging.getLogger("concord.service")
_Page = Callable[[Request, dict[str, Any]], Awaitable[Response]]

KINDS: tuple[tuple[type[Exception], int, str, bool], ...] = (
    (Unauthenticated, 401, "Who is asking is not known", True),
    (UnknownPrincipal, 401, "Who is asking is not known", False),
    (SignInFailed, 400, "You could not be signed in", True),
    (Forbidden, 403, "Not allowed here", True),
    (TooManyTokens, 403, "In too many groups to read anything", True),
    (UnknownUseCase, 404, "No such use case", True),
    (NoSuchItem, 404, "No such item", True),
    (NoSuchRevision, 404, "No such revision", True),
    (NoSuchTrace, 404, "No such trace", True),
    (NoSuchEntry, 404, "No such conflict", True),
    (NoSuchCase, 404, "No such case", True),
    (NoSuchProposal, 404, "No such proposal", True),
    (NoSuchConcept, 404, "No such concept", True),
    (NoSuchConversation, 404, "No such conversation", True),
    (TooSlow, 408, "The request came too slowly", True),
    (TooLarge, 413, "The request is too large", True),
    (Unreadable, 400, "The body cannot be read", True),
    (NotSentAsJson, 415, "The body is not sent as JSON", True),
    (InvalidRequest, 422, "The request cannot be searched", True),
    (DateToCome, 422, "The date is still to come", True),
    (CaseNotPossible, 409, "This cannot be done with the case now", True),
    (NotAllowed, 403, "Not allowed here", True),
    (BadValue, 422, "The change cannot be made like this", True),
    (GateRefused, 409, "A gate does not let this change through", True),
    (GovernanceError, 409, "This cannot be changed now", True),
    (ChangeError, 409, "This cannot be changed now", True),
    (CannotEdit, 409, "This cannot be changed now", True),
    (TooManyRequests, 429, "Too many requests", True),
    (TooManyCorrections, 429, "Too many corrections", True),
    (TooManyDisputes, 429, "Too many disputes", True),
    (Busy, 503, "Too many questions at once", True),
    (TimedOut, 504, "The question took too long", True),
    (NotReady, 503, "Not ready", True),
    (NothingApplied, 503, "Nothing is in force yet", True),
    (VectorIndexError, 503, "The index cannot be reached", False),
    (CatalogError, 503, "The catalog cannot be used", False),
    (SQLAlchemyError, 503, "The catalog cannot be used", False),
)
"""Error, status, title, and whether the error's text may be told to the caller; the first that fits holds."""

_EXPLAINED = {
    400: "The body cannot be read: what is wrong with it, and where",
    401: "Who is asking is not known",
    403: "Not allowed here",
    404: "Nothing of that name that you may read",
    408: "The request came too slowly",
    413: "The request is too large",
    415: "The body is not sent as JSON",
    422: "The request is invalid",
    429: "Too many requests of yours: Retry-After says when the next one is taken",
    503: "Not ready, or too many questions at once",
    504: "It took too long",
}
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}}
    for status, text in _EXPLAINED.items()
}
"""What every path of `/v1` may answer beside its success, for its `responses`."""


def problem(
    request: Request, status: int, title: str, detail: str | None = None, errors: Sequence[Any] = ()
) -> JSONResponse:
    """A problem detail; `errors` name the fields of an invalid request.

    Its type is its title as a name, so that programs tell problems of one status apart; `about:blank` says no more than
    the status (RFC 9457, 4.2.1).
    """
    plain = title == HTTPStatus(status).phrase
    kind = "about:blank" if plain else _TYPE + "-".join(re.findall(r"[a-z]+", title.lower()))
    body: dict[str, Any] = {"type": kind, "title": title, "status": status}
    if detail:
        body["detail"] = detail
    body["request_id"] = request.state.request_id
    if errors:
        body["errors"] = list(errors)
    headers = {"Retry-After": str(RETRY_SECONDS)} if status in {429, 503} else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer" if request.scope["app"].state.tokens else "Concord-Persona"
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every expected error of the application with a problem detail."""
    for kind in (RequestValidationError, HTTPException, *(entry[0] for entry in KINDS)):
        app.add_exception_handler(kind, _handle)
    app.add_exception_handler(ClientDisconnect, _hung_up)


async def _handle(request: Request, error: Exception) -> Response:
    return await answer(request, error)


async def _hung_up(_request: Request, _error: Exception) -> Response:
    """For log and metrics, by the status that servers have made a custom: nobody reads it."""
    return Response(status_code=499)


async def answer(request: Request, error: Exception) -> Response:
    """Any error as whoever sent the request reads it: a page in a browser, else the problem detail."""
    made = detail_of(request, error)
    page: _Page | None = getattr(request.app.state, "problem_page", None)
    reads_pages = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")
    return await page(request, json.loads(bytes(made.body))) if page and reads_pages else made


def told(error: Exception) -> str:
    """An error in one line, for a caller who gets no problem detail; as much as a problem detail would tell."""
    for kind, _, title, open_ in KINDS:
        if isinstance(error, kind):
            if not open_:
                _log.error("%s", error)
            return f"{title}: {error}" if open_ else title
    _log.error("%r", error, exc_info=error)
    return "Something went wrong"


def detail_of(request: Request, error: Exception) -> JSONResponse:
    """The problem detail of any error; one that nobody thought of is logged whole and told as nothing."""
    if isinstance(error, RequestValidationError):
        told = error.errors()[:MOST_ERRORS]
        errors = [{"location": [str(part) for part in each["loc"]], "problem": each["msg"]} for each in told]
        return problem(request, 422, "The request is invalid", errors=errors)
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        made = problem(request, error.status_code, phrase, error.detail if error.detail != phrase else None)
        made.headers.update(error.headers or {})
        return made
    for kind, status, title, open_ in KINDS:
        if isinstance(error, kind):
            if not open_:
                _log.error("%s: %s", request.state.request_id, error)
            detail = str(error) if open_ else None
            made = problem(request, status, title, detail, _fields(error) if isinstance(error, BadValue) else ())
            if isinstance(error, TooManyRequests):
                made.headers["Retry-After"] = str(error.seconds)
            return made
    _log.error("%s: %r", request.state.request_id, error, exc_info=error)
    return problem(request, 500, "Something went wrong", "the log names this request")


def _fields(error: BadValue) -> list[dict[str, Any]]:
    return [{"location": ["body", "fields", error.field], "problem": error.problem}]
