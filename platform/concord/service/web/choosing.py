"""What a browser remembers: the persona of a development workspace, and light or dark."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from concord.service.errors import Forbidden
from concord.service.identity import Workspace, check_host
from concord.service.web.forms import form, own_path
from concord.service.web.guard import HEADERS
from concord.service.web.pages import THEME_COOKIE, development
from concord.service.web.viewer import PERSONA_COOKIE

_YEAR = 365 * 24 * 60 * 60

router = APIRouter(include_in_schema=False)


class PersonaForm(BaseModel):
    """Whom to be; nobody forgets who one was."""

    persona: str = Field(default="", max_length=200)


class ThemeForm(BaseModel):
    """Light or dark, and the page to go back to."""

    theme: Literal["light", "dark"]
    back: str = Field(default="/", max_length=4000)


@router.post("/persona")
async def persona(request: Request, live: Workspace) -> Response:
    """Be another person of the workspace: on this machine, and only where everybody may be anybody."""
    check_host(request)
    if not development(request):
        raise Forbidden("people sign in here: there are no personas to choose from")
    chosen = await form(request, PersonaForm)
    answer = RedirectResponse("/", 303, HEADERS)
    if chosen.persona:
        live.current().foundation.directory.principal(chosen.persona)
        answer.set_cookie(PERSONA_COOKIE, chosen.persona, httponly=True, samesite="strict")
    else:
        answer.delete_cookie(PERSONA_COOKIE, httponly=True, samesite="strict")
    return answer


@router.post("/theme")
async def theme(request: Request) -> Response:
    """Remember light or dark."""
    chosen = await form(request, ThemeForm)
    answer = RedirectResponse(own_path(chosen.back), 303, HEADERS)
    answer.set_cookie(THEME_COOKIE, chosen.theme, max_age=_YEAR, samesite="strict")
    return answer
