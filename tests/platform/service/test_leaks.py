"""Generated people, groups and documents with random grants and revocations: nobody learns of what they may not read.

Who may read what is worked out here a second time, from the plain grants alone. Every document states a word of its own
(in its name, title and text), so that a leak is that word in any answer, whatever path it comes by.
"""

import json
import random
import re

import pytest

from concord.service.completions import EVERYTHING

WORD = re.compile(r"marker\d+x")
MAPPING = """\
title: Notes
connector: files
options: {path: content/notes}
mapping:
  fields:
    publisher: {const: Notes}
    authority_tier: {const: policy}
    readers: {path: metadata.readers}
"""


class World:
    """People in groups, groups in groups (some in circles), documents for some of both, and what changes."""

    def __init__(self, seed, people, groups, documents):
        self.random = random.Random(seed)
        self.people = [f"p{n}" for n in range(people)]
        self.groups = [f"g{n}" for n in range(groups)]
        tokens = [*(f"user:{each}" for each in self.people), *(f"group:{each}" for each in self.groups)]
        self.members = {each: set(self.random.sample(tokens, min(len(tokens), 6))) for each in self.groups}
        choice = [*tokens, *(f"group:{each}" for each in self.groups * 6)]
        self.readers = {
            n: set(self.random.sample(choice, self.random.choice((0, 1, 1, 2, 3)))) for n in range(documents)
        }
        self.readers[0] = {"everyone"}

    def held(self, person):
        """The tokens of a person, by going through all groups until nothing is added."""
        tokens, grown = {"everyone", f"user:{person}"}, True
        while grown:
            more = {f"group:{name}" for name, members in self.members.items() if members & tokens} - tokens
            tokens |= more
            grown = bool(more)
        return tokens

    def readable(self, person):
        tokens = self.held(person)
        return {number for number, readers in self.readers.items() if readers & tokens}

    def principals(self):
        users = [{"id": each} for each in self.people]
        groups = [{"id": name, "members": sorted(members)} for name, members in self.members.items()]
        return json.dumps({"users": users, "groups": groups})

    def write(self, workspace, number):
        readers = json.dumps(sorted(self.readers[number]))
        other = (number + 1) % len(self.readers)
        workspace.write(
            f"content/notes/marker{number}x.md",
            f"---\nreaders: {readers}\n---\n# Project marker{number}x\n\nThe budget of project probe{number} is "
            f"{number + 100} days for marker{number}x.\n\nThe deadline of project probe{other} in marker{number}x is "
            f"{number + 7} days.\n",
        )

    def revoke(self):
        """Take some people out of groups and some readers from documents; gives the documents that changed."""
        for members in self.random.sample(sorted(self.members.values(), key=sorted), len(self.members) // 2):
            members -= set(self.random.sample(sorted(members), len(members) // 2))
        changed = self.random.sample(sorted(self.readers), len(self.readers) // 4)
        for number in changed:
            self.readers[number] = set(self.random.sample(sorted(self.readers[number]), len(self.readers[number]) // 2))
        return changed


def ways(client, who, number):
    """Every way to ask of a document, by its probe and by its name."""
    headers = {"X-Concord-User": who}
    question = f"What is the budget of project probe{number}, and its deadline?"
    named = f"notes/marker{number}x.md"

    def post(path, body, **more):
        return client.post(path, json=body, headers={**headers, **more})

    def tool(name, **arguments):
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        return post(
            "/mcp", call, Accept="application/json, text/event-stream", **{"MCP-Protocol-Version": "2025-06-18"}
        )

    chat = {"model": EVERYTHING, "messages": [{"role": "user", "content": question}]}
    yield "ask", post("/v1/ask", {"question": question})
    yield "stream", post("/v1/ask", {"question": question}, Accept="text/event-stream")
    yield "search", post("/v1/search", {"question": question, "limit": 100})
    yield "chat", post("/v1/chat/completions", chat)
    yield "chat stream", post("/v1/chat/completions", {**chat, "stream": True})
    yield "tool ask", tool("ask", question=question)
    yield "tool search", tool("search", question=question)
    yield "named tool", tool("get_item", identifier=named)
    yield "named item", client.get(f"/v1/items/{named}", headers=headers)
    yield "named revisions", client.get(f"/v1/revisions/{named}", headers=headers)
    yield "conflicts", client.get("/v1/conflicts?all=true&limit=200", headers=headers)
    yield "sources", client.get("/v1/sources", headers=headers)
    yield "suggestions", client.get("/v1/taxonomy/suggestions?q=marker", headers=headers)
    yield "page", client.get(f"/items/{named}", headers={**headers, "Accept": "text/html"})


def look(client, world, who, numbers):
    """Ask in every way of some documents; gives what leaked, and how many answers told something that they may."""
    allowed, leaks, told = world.readable(who), [], 0
    for number in numbers:
        for way, answer in ways(client, who, number):
            assert answer.status_code < 500, (way, answer.text)
            found = {int(word[6:-1]) for word in WORD.findall(answer.text)}
            if way.startswith(("named", "page")) and number not in allowed:
                found -= {number}  # the name is the asker's own; that it is not there has to be said
                if way != "named tool" and answer.status_code != 404:
                    leaks.append((way, who, number, answer.status_code))
            told += bool(found)
            leaks += [(way, who, number, each) for each in found - allowed]
            if way == "sources":
                counted = sum(each["items"] for each in answer.json()["sources"])
                leaks += [(way, who, counted)] if counted != len(allowed) else []
    return leaks, told


def run(make_workspace, serve, seed, people, groups, documents, again):
    world = World(seed, people, groups, documents)
    files = {"sources/people-handbook.yaml": None, "sources/finance-policies.yaml": None}
    files |= {"authority.yaml": None, "usecases/ask-people.yaml": None, "ownership.yaml": "rules: []\n"}
    workspace = make_workspace({**files, "sources/notes.yaml": MAPPING, "principals.yaml": world.principals()})
    limits = "service: {requests_per_minute: 1000000}\n"
    workspace.write("concord.yaml", f"{(workspace.folder / 'concord.yaml').read_text('utf-8')}{limits}")
    for number in world.readers:
        world.write(workspace, number)
    assert workspace.run("apply").code == 0
    client = serve(workspace)

    def sync():
        concord = client.app.state.live.current()
        concord.sync_sources(concord.foundation.sources.values())

    sync()
    told = 0
    for step in range(3):
        for who in world.people if step == 0 else world.random.sample(world.people, again):
            numbers = world.random.sample(sorted(world.readers), 1)
            leaks, seen = look(client, world, who, numbers)
            assert not leaks, (step, leaks[:5])
            told += seen
        if step == 0:  # groups: in force at the next request
            changed = world.revoke()
            workspace.write("principals.yaml", world.principals())
            assert workspace.run("apply").code == 0
            for number in changed:
                world.write(workspace, number)
            sync()
        if step == 1:  # a document is taken from everybody, between two requests of one person
            [who] = [each for each in world.people if world.readable(each)][:1]
            number = max(world.readable(who))
            assert look(client, world, who, [number])[1]
            world.readers[number] = set()
            world.write(workspace, number)
            sync()
            assert not look(client, world, who, [number])[0]
    assert told > people  # people do find what is theirs


def test_nobody_learns_of_what_they_may_not_read(make_workspace, serve):
    run(make_workspace, serve, seed=1, people=8, groups=5, documents=24, again=8)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_thousand_people_groups_and_documents(make_workspace, serve):
    run(make_workspace, serve, seed=2, people=1000, groups=1000, documents=1000, again=200)
