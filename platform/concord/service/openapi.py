"""The schema at `/openapi.json`: what FastAPI derives, with errors as they are, how one says who asks, and examples.

The examples (`examples.json`) are what the sample workspace answers, shortened.
"""

from __future__ import annotations

import json
import threading
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from concord.service.identity import PERSONA_HEADER
from concord.service.schemas import ProblemBody

PATH = "/openapi.json"
OPEN = ("/livez", "/readyz")
"""Paths that answer anybody."""
_BEARER = {"type": "http", "scheme": "bearer"}


def describe(app: FastAPI) -> None:
    """Let the application's schema define what `problems.DOCUMENTED` refers to, and the credentials that are taken."""
    derived = app.openapi
    examples = json.loads(files("concord.service").joinpath("examples.json").read_text("utf-8"))

    def openapi() -> dict[str, Any]:
        schema = derived()
        parts = schema["components"]
        parts["schemas"].setdefault("ProblemBody", ProblemBody.model_json_schema())
        for part in parts["schemas"].values():
            for example in part.get("examples", ()):
                _tell_nulls(example, part, parts["schemas"])
        parts["securitySchemes"] = _schemes(signed_in=app.state.tokens is not None)
        either: list[dict[str, list[str]]] = [{name: []} for name in parts["securitySchemes"]]
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                operation["security"] = [] if path in OPEN else either
                for parameter in operation.get("parameters", ()):
                    if (given := examples["parameters"].get(parameter["name"])) is not None:
                        parameter["example"] = given
                if told := examples["responses"].get(f"{method} {path}"):
                    [done] = (each for status, each in operation["responses"].items() if status.startswith("2"))
                    done["content"]["application/json"]["example"] = told
        return schema

    app.openapi = openapi  # type: ignore[method-assign]

    lock = threading.Lock()

    @cache
    def written() -> bytes:
        return json.dumps(app.openapi(), ensure_ascii=False).encode("utf-8")

    def once() -> bytes:
        with lock:
            return written()

    async def told(_request: Request) -> Response:
        return Response(await run_in_threadpool(once), media_type="application/json")

    app.add_route(PATH, told, include_in_schema=False)


def _tell_nulls(example: Any, schema: dict[str, Any], parts: dict[str, Any]) -> None:
    """Put back the nulls of an example, which FastAPI leaves out of the whole schema."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    if isinstance(example, list):
        for each in example:
            _tell_nulls(each, schema.get("items", {}), parts)
    elif isinstance(example, dict):
        properties = schema.get("properties", {})
        for name in schema.get("required", ()):
            if {"type": "null"} in properties[name].get("anyOf", ()):
                example.setdefault(name, None)
        for name, value in example.items():
            _tell_nulls(value, properties.get(name, {}), parts)


def _schemes(*, signed_in: bool) -> dict[str, Any]:
    key = {"key": {**_BEARER, "description": "An API key: `concord keys create`."}}
    if signed_in:
        return {"token": {**_BEARER, "bearerFormat": "JWT", "description": "Of the identity provider."}, **key}
    name = "A user of principals.yaml, named and not proved: on this machine alone."
    return {"persona": {"type": "apiKey", "in": "header", "name": PERSONA_HEADER, "description": name}, **key}
