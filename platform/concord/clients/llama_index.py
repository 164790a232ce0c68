"""LlamaIndex over Concord: a retriever and a query engine that ask the HTTP service, under the caller's identity.

    service = ConcordService("http://127.0.0.1:8700", {"X-Concord-User": "daniel.costa"})
    print(ConcordQueryEngine(service).query("How much PTO do I get a year?"))

Nodes carry the metadata of the standard, under its names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

_METADATA = (
    "identifier",
    "revision",
    "title",
    "source",
    "publisher",
    "contact_point",
    "status",
    "authority_tier",
    "heading_path",
    "page",
    "landing_page",
    "modified",
)


@dataclass(frozen=True)
class ConcordService:
    """Where the service is, and the headers that say who asks: `Authorization`, or `X-Concord-User` in development."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = 60.0

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request; raises `httpx.HTTPStatusError` and `httpx.TransportError`."""
        given = {name: value for name, value in body.items() if value is not None}
        made = httpx.post(
            f"{self.url.rstrip('/')}{path}", json=given, headers=self.headers, timeout=self.timeout_seconds
        )
        made.raise_for_status()
        answer: dict[str, Any] = made.json()
        return answer


class ConcordRetriever(BaseRetriever):
    """Passages that the caller may read, best first, under the authority and life cycle of the workspace."""

    def __init__(self, service: ConcordService, use_case: str | None = None, limit: int = 10) -> None:
        super().__init__()
        self._service, self._use_case, self._limit = service, use_case, limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        body = {"question": query_bundle.query_str, "use_case": self._use_case, "limit": self._limit}
        return [_node(each, each["text"], each["score"]) for each in self._service.post("/v1/search", body)["passages"]]


class ConcordQueryEngine(BaseQueryEngine):
    """Concord's own answers: their citations are the source nodes, `metadata` holds conflicts and the trace's id."""

    def __init__(self, service: ConcordService, use_case: str | None = None) -> None:
        super().__init__(callback_manager=None)
        self._service, self._use_case = service, use_case

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        told = self._service.post("/v1/ask", {"question": query_bundle.query_str, "use_case": self._use_case})
        nodes = [_node(each, each["quote"], None) for each in told["citations"]]
        metadata = {name: told[name] for name in ("abstained", "reason", "conflicts", "by_scope", "trace_id")}
        return Response(told["answer"], nodes, metadata)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        import asyncio

        return await asyncio.to_thread(self._query, query_bundle)


def _node(described: Mapping[str, Any], text: str, score: float | None) -> NodeWithScore:
    metadata = {name: described[name] for name in _METADATA if name in described}
    identity = f"{described['identifier']}@{described['revision']}#{described.get('ordinal', described['n'])}"
    return NodeWithScore(node=TextNode(id_=identity, text=text, metadata=metadata), score=score)
