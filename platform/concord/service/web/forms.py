"""Forms as browsers send them: fields of a body that is bounded already, checked like any other request."""

from __future__ import annotations

from typing import Any, TypeVar, get_origin
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
        for name in {name for name, _ in pairs} & _many(model):
            fields[name] = [value for each, value in pairs if each == name]
        return model.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
    except UnicodeDecodeError as error:
        raise _unreadable(f"it is no UTF-8: byte {error.start + 1:,} ({error.object[error.start]:#04x})") from None
    except ValueError:
        raise _unreadable(f"it has more than {_MAX_FIELDS} fields") from None


def _unreadable(why: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body",), "msg": f"no form that can be read: {why}"}])


def _many(model: type[BaseModel]) -> set[str]:
    """The fields that may be given more than once."""
    return {name for name, each in model.model_fields.items() if get_origin(each.annotation) is tuple}


def own_path(path: str) -> str:
    """`path` where it leads to a page of this site, else the first page: no form sends anybody elsewhere."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if fine else "/"
