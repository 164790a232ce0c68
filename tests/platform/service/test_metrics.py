"""Metrics and log lines: documented, for those who may, and without anything of the content."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from concord.catalog.engine import writing
from concord.catalog.keys import create_key
from concord.service.logs import JsonLines

GUIDE = (Path(__file__).parents[3] / "docs/service.md").read_text("utf-8")
ASKED = "How many days of annual leave does everyone receive?"


@pytest.fixture
def scrape(client):
    now = datetime.now(UTC)
    with writing(client.app.state.live.current().engine) as connection:
        _, key = create_key(connection, "scrape", "pat", ["read_metrics"], "local:test", now, now + timedelta(1))
    return lambda: client.get("/metrics", headers={"Authorization": f"Bearer {key}"})


def test_every_metric_is_in_the_guide(client):
    for family in client.app.state.metrics.registry.collect():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        assert f"| `{name}` | {family.documentation} |" in GUIDE


def test_requests_are_counted_by_the_template_of_their_route(client, scrape, ask):
    ask("pat", ASKED)
    client.get("/v1/items/people-handbook/restricted/zanzibar.md", headers={"X-Concord-User": "pat"})
    client.get("/nothing/zanzibar")
    client.post("/mcp", json={}, headers={"X-Concord-User": "pat"})
    told = scrape()
    assert told.status_code == 200 and told.headers["content-type"].startswith("text/plain")
    assert 'concord_requests_total{method="POST",route="/v1/ask",status="200"} 1.0' in told.text
    assert 'route="/v1/items/{identifier:path}",status="404"} 1.0' in told.text
    assert 'method="POST",route="/mcp",status="4' in told.text
    assert "zanzibar" not in told.text and "leave" not in told.text


def test_what_is_told_is_read_by_prometheus(client, scrape, ask):
    for who in ("pat", "pat", "carl"):
        ask(who, ASKED)
    ask("pat", "")
    families = {each.name: each for each in text_string_to_metric_families(scrape().text)}
    assert {name: each.type for name, each in families.items() if not name.endswith("_created")} == {
        "concord_requests": "counter",
        "concord_request_seconds": "histogram",
        "concord_requests_open": "gauge",
        "concord_work_held": "gauge",
    }
    assert all(each.documentation for each in families.values())
    counted = {
        (each.labels["route"], each.labels["status"]): each.value
        for each in families["concord_requests"].samples
        if each.name == "concord_requests_total"
    }
    assert counted == {("/v1/ask", "200"): 3, ("/v1/ask", "422"): 1}
    timed = [each for each in families["concord_request_seconds"].samples if each.labels["route"] == "/v1/ask"]
    buckets = [(float(each.labels["le"]), each.value) for each in timed if each.name.endswith("_bucket")]
    assert buckets == sorted(buckets) and buckets[-1] == (float("inf"), 4)
    [count] = [each.value for each in timed if each.name.endswith("_count")]
    [seconds] = [each.value for each in timed if each.name.endswith("_sum")]
    assert count == 4 and 0 < seconds < 600
    assert families["concord_requests_open"].samples[0].value == 1  # this one
    assert families["concord_work_held"].samples[0].value == 1


def test_metrics_are_for_those_who_may(client, scrape):
    assert scrape().status_code == 200
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"X-Concord-User": "ann"}).status_code == 403


def test_a_request_is_one_line_without_content(client, ask, caplog):
    with caplog.at_level(logging.INFO, "concord"):
        ask("pat", ASKED)
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name.startswith("concord")]
    [line] = [each for each in lines if each["message"] == "request"]
    assert (line["route"], line["status"], line["method"]) == ("/v1/ask", 200, "POST") and line["request_id"]
    assert "annual leave" not in str(lines)


@pytest.mark.parametrize("path", ["/static/style.css", "/static/zanzibar.css", "/static/../zanzibar", "/static/"])
def test_a_file_of_the_pages_is_counted_by_where_it_is_mounted(client, scrape, caplog, path):
    with caplog.at_level(logging.INFO, "concord"):
        status = client.get(path).status_code
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    [line] = [each for each in lines if each["message"] == "request"]
    inside = "/.." not in path
    assert (line["route"], line["status"]) == ("/static" if inside else "none", status)
    assert status == (200 if path.endswith("style.css") else 404)
    told = scrape().text
    assert f'route="{line["route"]}",status="{status}"' in told and "zanzibar" not in f"{lines}{told}"


def test_what_a_tool_refuses_is_not_in_the_log(client, caplog):
    """Whatever is asked for: the caller is told of it, the log is not."""
    headers = {"X-Concord-User": "pat", "Accept": "application/json", "MCP-Protocol-Version": "2025-06-18"}
    calls = [
        ("get_item", {"identifier": "people-handbook/SECRET/pay.md"}),
        ("ask", {"question": "How much SECRET leave?", "use_case": "SECRET"}),
        ("search", {"question": "How much SECRET leave?", "as_of": "2999-01-01"}),
        ("report_correction", {"trace_id": "SECRET", "reason": "wrong", "evidence": ["a/SECRET.md"]}),
        ("get_item", {"identifier": ["SECRET"]}),
        ("SECRET", {}),
    ]
    with caplog.at_level(logging.INFO):
        for name, arguments in calls:
            call = {"name": name, "arguments": arguments}
            rpc = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
            told = client.post("/mcp", json=rpc, headers=headers)
            assert told.status_code in {200, 400} and ("error" in told.json() or told.json()["result"]["isError"])
    logged = [JsonLines().format(each) for each in caplog.records if not each.name.startswith("httpx")]
    assert sum('"request"' in each for each in logged) == len(calls)
    assert not [each for each in logged if "SECRET" in each or "ask-people" in each or "2999" in each]


def test_a_line_stays_one_line():
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        given = (type(error), error, error.__traceback__)
    record = logging.LogRecord("concord", logging.ERROR, __file__, 1, "a\nb %s", ("c\nd",), given)
    line = JsonLines().format(record)
    assert "\n" not in line and json.loads(line)["message"] == "a\nb c\nd" and "two" in json.loads(line)["error"]
