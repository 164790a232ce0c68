"""The schema at `/openapi.json`: what FastAPI derives, with errors as the problem details that they are."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from concord.service.schemas import ProblemBody


def describe(app: FastAPI) -> None:
    """Let the application's schema define what `problems.DOCUMENTED` refers to."""
    derived = app.openapi

    def openapi() -> dict[str, Any]:
        schema = derived()
        schema["components"]["schemas"].setdefault("ProblemBody", ProblemBody.model_json_schema())
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
