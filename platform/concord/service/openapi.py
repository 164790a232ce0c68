"""The schema at `/openapi.json`: what FastAPI derives, with errors as they are, and how one says who asks."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from concord.service.identity import PERSONA_HEADER
from concord.service.schemas import ProblemBody

OPEN = ("/livez", "/readyz")
"""Paths that answer anybody."""
_BEARER = {"type": "http", "scheme": "bearer"}


def describe(app: FastAPI) -> None:
    """Let the application's schema define what `problems.DOCUMENTED` refers to, and the credentials that are taken."""
    derived = app.openapi

    def openapi() -> dict[str, Any]:
        schema = derived()
        parts = schema["components"]
        parts["schemas"].setdefault("ProblemBody", ProblemBody.model_json_schema())
        parts["securitySchemes"] = _schemes(signed_in=app.state.tokens is not None)
        either: list[dict[str, list[str]]] = [{name: []} for name in parts["securitySchemes"]]
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                operation["security"] = [] if path in OPEN else either
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _schemes(*, signed_in: bool) -> dict[str, Any]:
    key = {"key": {**_BEARER, "description": "An API key: `concord keys create`."}}
    if signed_in:
        return {"token": {**_BEARER, "bearerFormat": "JWT", "description": "Of the identity provider."}, **key}
    name = "A user of principals.yaml, named and not proved: on this machine alone."
    return {"persona": {"type": "apiKey", "in": "header", "name": PERSONA_HEADER, "description": name}, **key}
