"""Spans of requests and answers: whole, within the caller's trace, and without content unless it is wanted."""

import json
import subprocess
import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from concord.answering.spans import emit
from concord.bootstrap import Concord
from concord.bootstrap.telemetry import open_provider
from concord.catalog.engine import reading
from concord.catalog.traces import load_trace
from concord.index import open_index
from concord.service import create_app
from concord.workspace.errors import FileProblem
from concord.workspace.serving import TelemetrySettings

ASKED = "How many days of annual leave does everyone receive?"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans():
    return InMemorySpanExporter()


@pytest.fixture
def traced(house, spans):
    """The service of a workspace whose spans stay in memory; `traced(content=True)`."""
    from fastapi.testclient import TestClient

    house.close()
    clients = []

    def open_(**settings):
        concord = Concord.open(house.workspace.folder)
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(spans))
        concord.settings.telemetry.__dict__.update(settings)
        vars(concord)["tracing"] = provider
        vars(concord)["index"] = open_index(concord.index_folder, concord.encoder.dimension, shared=False)
        clients.append(TestClient(create_app(concord), base_url="http://127.0.0.1"))
        clients[-1].__enter__()
        return clients[-1]

    yield open_
    for client in clients:
        client.__exit__(None, None, None)


def ask(client, **headers):
    return client.post("/v1/ask", json={"question": ASKED}, headers={"X-Concord-User": "pat", **headers})


def search(client):
    return client.post("/v1/search", json={"question": ASKED}, headers={"X-Concord-User": "pat"})


def call_tool(client, name, arguments):
    headers = {"X-Concord-User": "pat", "Accept": "application/json", "MCP-Protocol-Version": "2025-06-18"}
    call = {"name": name, "arguments": arguments}
    return client.post(
        "/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}, headers=headers
    )


def test_an_answer_is_told_within_its_request_within_its_caller_s(traced, spans):
    answer = ask(traced(), traceparent=PARENT).json()
    found = {each.name: each for each in spans.get_finished_spans()}
    request, whole = found["POST /v1/ask"], found["concord.ask"]
    assert f"{request.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{request.parent.span_id:016x}" == PARENT.split("-")[2]
    assert whole.parent.span_id == request.context.span_id and request.kind is SpanKind.SERVER
    assert request.attributes["http.response.status_code"] == 200
    assert whole.attributes["concord.trace_id"] == answer["trace_id"]
    assert whole.attributes["openinference.span.kind"] == "CHAIN" and whole.attributes["concord.citations"] >= 1
    stages = {
        name: each for name, each in found.items() if each.parent and each.parent.span_id == whole.context.span_id
    }
    assert stages["concord.search"].attributes["openinference.span.kind"] == "RETRIEVER"
    assert stages["concord.embed"].attributes["openinference.span.kind"] == "EMBEDDING"
    assert all(whole.start_time <= each.start_time <= each.end_time <= whole.end_time for each in stages.values())


def test_a_search_is_told_with_its_stages(traced, spans):
    client = traced()
    assert search(client).json()["passages"]
    found = {each.name: each for each in spans.get_finished_spans()}
    request, whole = found.pop("POST /v1/search"), found.pop("concord.retrieve")
    assert whole.parent.span_id == request.context.span_id
    assert request.start_time <= whole.start_time < whole.end_time <= request.end_time
    kinds = {name: each.attributes["openinference.span.kind"] for name, each in found.items()}
    assert kinds == {
        "concord.expand": "CHAIN",
        "concord.embed": "EMBEDDING",
        "concord.search": "RETRIEVER",
        "concord.rank": "RERANKER",
        "concord.decide": "CHAIN",
    }
    assert all(each.parent.span_id == whole.context.span_id for each in found.values())
    assert all(whole.start_time <= each.start_time < each.end_time <= whole.end_time for each in found.values())
    assert found["concord.search"].attributes["concord.candidates"] >= 1
    assert "concord.trace_id" not in whole.attributes  # none is kept


def test_what_is_supposed_is_told_to_no_collector(traced, spans):
    concord = traced().app.state.live.current()
    spans.clear()
    who = concord.foundation.directory.principal("pat")
    assert concord.as_if(concord.foundation).search(ASKED, who).passages
    assert not spans.get_finished_spans()


def test_a_tool_is_told_by_its_name_within_its_request(traced, spans):
    client = traced()
    calls = [("search", {"question": ASKED}), ("get_item", {"identifier": "people-handbook/SECRET.md"})]
    calls += [("ask", {"question": ["SECRET"]}), ("SECRET", {})]
    told = {}
    for name, arguments in calls:
        spans.clear()
        call_tool(client, name, arguments)
        found = {each.name: each for each in spans.get_finished_spans()}
        assert "SECRET" not in str([(name, dict(each.attributes), each.events) for name, each in found.items()])
        [span] = [each for name, each in found.items() if name.startswith("tools/call")]
        assert span.parent.span_id == found["POST /mcp"].context.span_id
        assert span.name == f"tools/call {span.attributes['gen_ai.tool.name']}"
        assert span.attributes["mcp.method.name"] == "tools/call"
        assert (span.status.status_code is StatusCode.ERROR) == ("error.type" in span.attributes)
        told[name] = (span.attributes["gen_ai.tool.name"], span.attributes.get("error.type"))
        if name == "search":
            assert found["concord.retrieve"].parent.span_id == span.context.span_id
    assert told.pop("search") == ("search", None)
    assert {name for name, _ in told.values()} == {"get_item", "ask", "other"}
    assert all(error for _, error in told.values())


def test_nothing_of_the_content_is_told(traced, spans):
    client = traced()
    ask(client)
    search(client)
    call_tool(client, "get_item", {"identifier": "people-handbook/leave.md"})
    client.get("/v1/items/people-handbook/restricted/zanzibar.md", headers={"X-Concord-User": "pat"})
    told = str([(each.name, dict(each.attributes)) for each in spans.get_finished_spans()]).lower()
    assert "/v1/items/{identifier:path}" in told
    for word in ("annual", "leave", "27 days", "zanzibar", "people-handbook", "'pat'"):
        assert word not in told


def test_content_where_it_is_wanted(traced, spans):
    client = traced(content=True)
    ask(client)
    found = {each.name: each.attributes for each in spans.get_finished_spans()}
    assert found["concord.ask"]["input.value"] == ASKED and "27 days" in found["concord.ask"]["output.value"]
    documents = {name: value for name, value in found["concord.search"].items() if "document" in name}
    assert "people-handbook/leave.md@1" in documents.values()
    assert "zanzibar" not in str(documents).lower()
    spans.clear()
    search(client)
    found = {each.name: each.attributes for each in spans.get_finished_spans()}
    assert found["concord.retrieve"]["input.value"] == ASKED
    assert "27 days" in str(dict(found["concord.search"])) and "zanzibar" not in str(found).lower()


def test_what_is_redacted_is_told_to_no_collector(traced, spans, monkeypatch):
    monkeypatch.setenv("CONCORD_TRACES__REDACT", '["annual"]')
    monkeypatch.setenv("CONCORD_TRACES__LEAVE_OUT", '["evidence", "answer"]')
    client = traced(content=True)
    ask(client)
    search(client)
    told = str([dict(each.attributes) for each in spans.get_finished_spans()])
    assert "[redacted] leave does everyone" in told and "27 days" not in told and "annual" not in told


def test_a_model_is_told_with_its_tokens(traced, spans):
    """By a trace as one that a model answered: names and counts, and words only where wanted."""
    client = traced()
    concord = client.app.state.live.current()
    with reading(concord.engine) as connection:
        trace = load_trace(connection, ask(client).json()["trace_id"], "pat")
    stage = trace.stages[-1]
    prompt = stage.model_copy(update={"name": "prompt", "data": {"system": "rules", "user": "the evidence"}})
    said = {"model": "m-1", "attempts": 1, "prompt_tokens": 11, "completion_tokens": 7, "failed": "timeout"}
    model = stage.model_copy(update={"name": "answer", "data": said})
    whole = trace.model_copy(update={"stages": (*trace.stages, prompt, model)})
    for content in (False, True):
        spans.clear()
        emit(concord.tracer, whole, content=content)
        [span] = [each for each in spans.get_finished_spans() if each.name == "chat m-1"]
        assert span.attributes["openinference.span.kind"] == "LLM"
        assert span.kind.name == "CLIENT" and span.attributes["gen_ai.provider.name"] == "openai"
        assert span.attributes["gen_ai.operation.name"] == "chat" and span.attributes["gen_ai.request.model"] == "m-1"
        assert (span.attributes["gen_ai.usage.input_tokens"], span.attributes["llm.token_count.completion"]) == (11, 7)
        assert span.status.status_code is StatusCode.ERROR
        assert ("the evidence" in str(dict(span.attributes))) is content
    assert json.loads(span.attributes["input.value"])[0] == {"role": "system", "content": "rules"}


def test_nothing_is_opened_where_nothing_is_sent(client):
    assert open_provider(TelemetrySettings()) is None
    assert client.app.state.live.current().tracer is None
    code = "import concord.service, concord.bootstrap, sys; sys.exit('opentelemetry.sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_collector_out_of_reach_holds_nobody_up():
    provider = open_provider(TelemetrySettings(endpoint="http://127.0.0.1:9"))
    provider.get_tracer("t").start_span("one").end()


def test_without_its_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(FileProblem, match=r"concord-rag\[telemetry\]"):
        open_provider(TelemetrySettings(endpoint="http://localhost:4318"))


@pytest.mark.parametrize("url", ["localhost:4318", "ftp://collector", "http://"])
def test_what_is_no_collector(url):
    with pytest.raises(ValueError, match="URL of a collector"):
        TelemetrySettings(endpoint=url)
