"""What every page of cases has: who looks, names of people and use cases, and words."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from concord.bootstrap import Concord
from concord.service.web.desk import words
from concord.service.web.pages import pages
from concord.service.web.viewer import Viewer
from concord_taxonomy.standard import Principal


def frame(concord: Concord, who: Principal) -> dict[str, Any]:
    """The context of a page."""
    viewer = Viewer(concord, who)
    known = concord.foundation.use_cases.values()
    titles = {each.id: each.title for each in known if each.admits(who) or each.owner in who.tokens}
    return {"viewer": viewer, "history": viewer.conversations, "use_case": None, "titles": titles}


async def show(request: Request, template: str, made: dict[str, Any], status: int = 200) -> Response:
    """A page of cases."""
    return await pages(request).show(request, f"desk/{template}", status, **{"told": words, **made})


def no_such_part() -> RequestValidationError:
    """Where a list goes on from is nothing that a list gave."""
    return RequestValidationError([{"loc": ("query", "after"), "msg": "this is no place in the list: begin anew"}])
