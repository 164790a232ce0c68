"""The examples of docs/clients.md, each run against a real server; and the same tools over stdio."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

GUIDE = (Path(__file__).parents[3] / "docs/clients.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"^## (.+?)$.*?^```(?:python|sh)\n(.*?)^```$", GUIDE, re.S | re.M))
ASKED = "How many days of annual leave does everyone receive?"


def test_every_example_runs(synced_copy, served):
    assert synced_copy.run("sync").code == 0
    told = {}
    with served(synced_copy) as (url, _):
        for name, example in EXAMPLES.items():
            code = example.replace("http://127.0.0.1:8700", url).replace("daniel.costa", "pat")
            code = code.replace("How much PTO do I get a year?", ASKED)
            command = ["sh", "-c", code] if name == "curl" else [sys.executable, "-W", "ignore", "-c", code]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
            assert done.returncode == 0, f"{name}: {done.stderr}"
            told[name] = done.stdout
    assert set(told) == {"OpenAI's client", "Model Context Protocol", "LlamaIndex", "curl"}
    assert all("27 days" in text for text in told.values()), told
    assert "ask-people" in told["OpenAI's client"] and "Sources:" in told["OpenAI's client"]
    assert "report_correction" in told["Model Context Protocol"]
    assert "people-handbook/leave.md" in told["LlamaIndex"]


def test_tools_over_stdio(synced_copy):
    assert synced_copy.run("sync").code == 0
    command = ["-m", "concord.cli.main", "--workspace", str(synced_copy.folder), "mcp", "--as", "pat"]

    async def scene():
        parameters = StdioServerParameters(
            command=sys.executable, args=command, env={"CONCORD_ANSWER__MIN_CONFIDENCE": "0"}
        )
        async with Client(stdio_client(parameters)) as client:
            answer = await client.call_tool("ask", {"question": ASKED})
            hidden = await client.call_tool("get_item", {"identifier": "people-handbook/restricted/zanzibar.md"})
            missing = await client.call_tool("get_item", {"identifier": "people-handbook/restricted/no-such.md"})
            return answer, hidden, missing

    answer, hidden, missing = asyncio.run(asyncio.wait_for(scene(), 100))
    assert "27 days" in answer.structured_content["answer"]
    assert hidden.is_error and missing.is_error
    assert hidden.content[0].text.replace("zanzibar", "no-such") == missing.content[0].text


WRONG = [
    ("ask", {"query": ASKED}, "ask: no argument 'query'; did you mean 'question'?"),
    ("search", {"question": ASKED, "limits": 3}, "search: no argument 'limits'; did you mean 'limit'?"),
    ("ask", {"question": ASKED, "zzz\n": 1}, "ask: no argument 'zzz\\n'; it takes question, use_case, as_of"),
    ("get_item", {}, "get_item: identifier: Field required"),
    ("search", {"question": ASKED, "limit": 101}, "search: limit: Input should be less than or equal to 100"),
    ("ask", {"question": ASKED, "as_of": 5}, "ask: as_of: write a day as 2026-01-31"),
    ("report_correction", {"reason": "ugly"}, "report_correction: trace_id: Field required; reason: Input should be "),
    ("report_correction", {"trace_id": "x", "reason": "wrong", "coment": "no"}, "did you mean 'comment'?"),
    ("dispute_case", {"case": 1, **dict.fromkeys("abcdefg", 1)}, "no argument 'e'; it takes case, comment; and 2 more"),
]


def test_wrong_arguments_of_a_tool_are_told_in_a_line(client, synced_copy):
    headers = {"X-Concord-User": "pat", "Accept": "application/json", "MCP-Protocol-Version": "2025-06-18"}

    def sent(method, **params):
        rpc = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return client.post("/mcp", json=rpc, headers=headers).json()["result"]

    for tool, arguments, said in WRONG:
        told = sent("tools/call", name=tool, arguments=arguments)
        [line] = [each["text"] for each in told["content"]]
        assert told["isError"] and line.count(said) == 1 and "\n" not in line and "pydantic" not in line, line
    assert all(each["inputSchema"]["additionalProperties"] is False for each in sent("tools/list")["tools"])

    async def scene():
        command = ["-m", "concord.cli.main", "--workspace", str(synced_copy.folder), "mcp", "--as", "pat"]
        async with Client(stdio_client(StdioServerParameters(command=sys.executable, args=command))) as near:
            return [(await near.call_tool(tool, arguments)).content[0].text for tool, arguments, _ in WRONG]

    lines = asyncio.run(asyncio.wait_for(scene(), 100))
    assert all(said in line for line, (_, _, said) in zip(lines, WRONG, strict=True))


def test_nobody_waits_for_what_the_server_never_says(client):
    refused = client.get("/mcp", headers={"X-Concord-User": "pat", "Accept": "text/event-stream"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")  # MCP 2025-06-18: there is no such stream


def test_stdio_without_a_person(synced):
    done = synced.run("mcp")
    assert done.code == 2 and "who is asking" in done.err


@pytest.mark.parametrize("key", ["ck_0_0", "wrong"])
def test_stdio_with_a_wrong_key(synced, key, monkeypatch):
    monkeypatch.setenv("CONCORD_API_KEY", key)
    done = synced.run("mcp")
    assert done.code == 2 and "key is not accepted" in done.err


def test_a_correction_by_a_tool(synced_copy):
    assert synced_copy.run("sync").code == 0
    command = ["-m", "concord.cli.main", "--workspace", str(synced_copy.folder), "mcp", "--as", "pat"]

    async def scene():
        parameters = StdioServerParameters(
            command=sys.executable, args=command, env={"CONCORD_ANSWER__MIN_CONFIDENCE": "0"}
        )
        async with Client(stdio_client(parameters)) as client:
            answer = await client.call_tool("ask", {"question": ASKED})
            about = {"trace_id": answer.structured_content["trace_id"], "reason": "outdated"}
            kept = await client.call_tool("report_correction", {**about, "evidence": ["people-handbook/leave.md"]})
            wrong = await client.call_tool("report_correction", {**about, "reason": "ugly"})
            found = await client.call_tool("search", {"question": ASKED, "limit": 2})
            mine = json.loads(synced_copy.run("cases", "list", "--as", "pat", "--json").out)["cases"]
            said = {"case": mine[0]["id"], "comment": "it is right after all"}
            disputed = await client.call_tool("dispute_case", said)
            missing = await client.call_tool("dispute_case", {**said, "case": 99_999})
            return kept, wrong, found, disputed, missing

    kept, wrong, found, disputed, missing = asyncio.run(asyncio.wait_for(scene(), 100))
    assert kept.structured_content["rating"]["evidence"] == ["people-handbook/leave.md@1"]
    assert wrong.is_error and found.structured_content["passages"]
    assert disputed.structured_content["told"] == 1 and missing.is_error
