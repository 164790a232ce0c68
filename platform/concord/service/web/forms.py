"""Forms as browsers send them: fields of a body that is bounded already, checked like any other request."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

Form = TypeVar("Form", bound=BaseModel)
_MAX_FIELDS = 50


async def form(request: Request, model: type[Form]) -> Form:
    """The fields of an urlencoded body as `model`, empty ones left out; raises `RequestValidationError`."""
    try:
        pairs = parse_qsl((await request.body()).decode("utf-8"), max_num_fields=_MAX_FIELDS)
        fields: dict[str, Any] = dict(pairs)
        return model.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
    except ValueError:
        raise RequestValidationError([{"loc": ("body",), "msg": "no form that can be read"}]) from None


def own_path(path: str) -> str:
    """`path` where it leads to a page of this site, else the first page: no form sends anybody elsewhere."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if fine else "/"
