"""Answers as server-sent events (WHATWG HTML, section 9.2): evidence, text, the answer, or a problem in their place."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from concord.answering.events import AnswerEvent
from concord.service.problems import detail_of

MEDIA_TYPE = "text/event-stream"
EVENT = {
    "type": "object",
    "description": "One event of the stream; `data` is a JSON text.",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
"""What one event of a stream is, for the schema at `/openapi.json`."""


def wanted(request: Request) -> bool:
    """Whether the caller asks for events."""
    accepted = request.headers.get("accept", "").lower().split(",")
    return any(each.split(";")[0].strip() == MEDIA_TYPE for each in accepted)


async def streamed(request: Request, events: AsyncGenerator[AnswerEvent, None]) -> StreamingResponse:
    """The events as they come; what goes wrong before the first of them is raised, and later ends the stream."""
    first = await anext(events)

    async def lines() -> AsyncIterator[str]:
        async with aclosing(events):
            yield line(first.to_json())
            try:
                async for event in events:
                    yield line(event.to_json())
            except Exception as error:
                told = json.loads(bytes(detail_of(request, error).body))
                yield line({"event": "problem", **told})

    return StreamingResponse(lines(), media_type=MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})


def line(data: dict[str, Any]) -> str:
    """One event; JSON holds no line ends, so its data is one line."""
    kind = data.pop("event")
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
