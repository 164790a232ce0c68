"""A span around each request, within that of whoever sent it (W3C Trace Context), where spans are sent anywhere.

Within the request of a client of the Model Context Protocol, another around each of its messages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import CallToolResult
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer


class Traced:
    """ASGI middleware: paths are told as the templates of their routes, so that no identifier is in a span."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app, self._tracer = app, tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on within a span."""
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, StatusCode

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, status = scope["method"], 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        within = extract(dict(Request(scope).headers))
        with self._tracer.start_as_current_span(method, within, SpanKind.SERVER, record_exception=False) as span:
            try:
                await self._app(scope, receive, sending)
            finally:
                route = getattr(scope.get("route"), "path", "none")
                span.update_name(f"{method} {route}")
                span.set_attributes(
                    {"http.request.method": method, "http.route": route, "http.response.status_code": status}
                )
                if status >= 500:
                    span.set_status(StatusCode.ERROR)


class TracedTools:
    """MCP middleware: a span a message, by the conventions for MCP; of a tool it has the name, never the arguments.

    `names` gives the tools that there are: what else a client names is content.
    """

    def __init__(self, tracer: Tracer, names: Callable[[], Awaitable[Collection[str]]]) -> None:
        self._tracer, self._names = tracer, names

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Pass a message on within a span."""
        from opentelemetry.trace import SpanKind, StatusCode

        method = ctx.method if ctx.method in _METHODS else "other"
        about, name = {"mcp.method.name": method}, method
        if method == "tools/call":
            named = (ctx.params or {}).get("name")
            tool = next((each for each in await self._names() if each == named), "other")
            about |= {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool}
            about |= {"openinference.span.kind": "TOOL", "tool.name": tool}
            name = f"{method} {tool}"
        with self._tracer.start_as_current_span(
            name, kind=SpanKind.SERVER, attributes=about, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                result = await call_next(ctx)
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise
            match result:
                case CallToolResult(is_error=True) | {"isError": True}:
                    span.set_attribute("error.type", "tool_error")
                    span.set_status(StatusCode.ERROR)
                case _:
                    pass
            return result


_METHODS = frozenset({"initialize", "ping", "tools/list", "tools/call"})
