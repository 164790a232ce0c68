"""Generated people, groups and documents with random grants and revocations: nobody learns of what they may not read.

Who may read what is worked out here a second time, from the plain grants alone. Every document states a word of its own
(in its name, title and text), so that a leak is that word in any answer, whatever path it comes by. Two documents each
contradict each other, so that there are conflicts of which some may see both sides, some one, and most none.
"""

import json
import random
import re
from collections import Counter, defaultdict

import pytest

from concord.access import MAX_TOKENS
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
TOO_MANY = "everywhere"
"""A person in more groups than anybody may be in: nothing is read."""


class World:
    """People in groups, groups in groups (some in circles), documents for some of both, and what changes."""

    def __init__(self, seed, people, groups, documents):
        self.random = random.Random(seed)
        self.people = [f"p{n}" for n in range(people)]
        names = [f"g{n}" for n in range(groups)]
        self.members = {each: {f"user:{who}" for who in self._some(self.people, 8)} for each in names}
        for name, inner in zip(names, names[1:] + names[:1], strict=True):  # circles of five, and a tree beside them
            number = int(name[1:])
            self.members[name] |= {f"group:{inner}"} if number % 5 < 4 and number % 10 < 5 else set()
            self.members[name] |= {f"group:{names[number - 4]}"} if number % 10 == 4 else set()
        self.many = len(names) > MAX_TOKENS - 2
        if self.many:
            for members in self.members.values():
                members.add(f"user:{TOO_MANY}")
        tokens = [f"user:{each}" for each in self.people] + [f"group:{each}" for each in names] * 6
        self.readers = {n: set(self._some(tokens, self.random.choice((0, 1, 1, 2, 3)))) for n in range(documents)}
        self.readers[0] = {"everyone"}
        for number in range(4, documents, 4):  # those two contradict each other, before the same people
            self.readers[number + 1] |= self.readers[number] if number + 1 < documents else set()
        self.settle()

    def _some(self, choice, count):
        return self.random.sample(choice, min(len(choice), count))

    def settle(self):
        """Work out who may read what: by going up through the groups until nothing is added."""
        within = defaultdict(set)
        for name, members in self.members.items():
            for member in members:
                within[member].add(f"group:{name}")
        held_by = defaultdict(set)
        for number, readers in self.readers.items():
            for reader in readers:
                held_by[reader].add(number)
        self.readable = {TOO_MANY: set()}
        for person in self.people:
            tokens, new = {"everyone"}, {f"user:{person}"}
            while new:
                tokens |= new
                new = set().union(*(within[each] for each in new)) - tokens
            assert len(tokens) < MAX_TOKENS
            self.readable[person] = set().union(*(held_by[each] for each in tokens))

    def principals(self):
        users = [{"id": each} for each in [*self.people, TOO_MANY]]
        groups = [{"id": name, "members": sorted(members)} for name, members in self.members.items()]
        return json.dumps({"users": users, "groups": groups})

    def write(self, workspace, number):
        readers = json.dumps(sorted(self.readers[number]))
        other = (number + 1) % len(self.readers)
        workspace.write(
            f"content/notes/marker{number}x.md",
            f"---\nreaders: {readers}\n---\n# Project marker{number}x\n\nThe budget of project probe{number} is "
            f"{number + 100} days for marker{number}x.\n\nThe deadline of project probe{other} in marker{number}x is "
            f"{number + 7} days.\n\nProject pair{number // 2} has a budget of {number + 300} pounds.\n",
        )

    def revoke(self):
        """Take some people out of groups and some readers from documents; gives the documents that changed."""
        for members in self._some(sorted(self.members.values(), key=sorted), len(self.members) // 2):
            members -= set(self._some(sorted(members), len(members) // 2)) - {f"user:{TOO_MANY}"}
        changed = self._some(sorted(self.readers), len(self.readers) // 4)
        for number in changed:
            self.readers[number] = set(self._some(sorted(self.readers[number]), len(self.readers[number]) // 2))
        self.settle()
        return changed

    def asked_of(self, before, who):
        """Documents to ask of: one that the person before could read and this one cannot, and one that they can."""
        closed = sorted(self.readable[before] - self.readable[who]) or sorted(self.readers.keys() - self.readable[who])
        return [self.random.choice(each) for each in (closed, sorted(self.readable[who])) if each]


SILENT = {"/openapi.json", "/metrics", "/livez", "/readyz", "/sign-in", "/signed-in"}


def paths(routes):
    """Every page without a parameter, those that packages add included."""
    for each in routes:
        if hasattr(each, "effective_candidates"):
            yield from paths(each.effective_candidates())
        path, methods = getattr(each, "path", "{"), getattr(each, "methods", None) or ()
        if "GET" in methods and "{" not in path and not path.startswith("/v1/"):
            yield path


class Looker:
    """Asks in every way; `leaks` are what was told and may not be known, `told` how often each way told anything."""

    def __init__(self, client, world):
        self.client, self.world = client, world
        self.paths = sorted(set(paths(client.app.routes)) - SILENT)
        self.leaks, self.told, self.asked = [], Counter(), Counter()
        self.conflicts = {}
        self.trace, self.conversation, self.before = "none", "none", world.people[-1]
        self.owner = ""

    def __call__(self, who, numbers):
        for number in numbers:
            for way, answer in self._ways(who, number):
                self.asked[way] += 1
                self._judge(way, who, number, answer)
        self.before = who

    def _judge(self, way, who, number, answer):
        allowed = self.world.readable[who]
        assert answer.status_code < 500, (way, answer.text)
        found = {int(word[6:-1]) for word in WORD.findall(answer.text)}
        if way.startswith("named") and number not in allowed:
            found -= {number}  # the name is the asker's own; that it is not there has to be said
            refused = {404} if who != TOO_MANY else {403}
            if not way.endswith("tool") and answer.status_code not in refused:
                self.leaks.append((way, who, number, answer.status_code))
        if way.startswith("another's") and answer.status_code not in {403, 404}:
            self.leaks.append((way, who, number, answer.status_code))
        self.told[way] += bool(found)
        self.leaks += [(way, who, number, each) for each in found - allowed]
        if way == "sources" and who != TOO_MANY:
            counted = sum(each["items"] for each in answer.json()["sources"])
            self.leaks += [(way, who, counted)] if counted != len(allowed) else []
        if way == "conflicts" and who != TOO_MANY:
            for each in answer.json()["conflicts"]:
                self.conflicts[each["id"]] = {int(word[6:-1]) for word in WORD.findall(json.dumps(each))}

    def _ways(self, who, number):
        """Every way to ask of a document: by its words, by its name, and by what the person before was told."""
        get, post, page, tool = (getattr(self, f"_{kind}") for kind in ("get", "post", "page", "tool"))
        question = f"What is the budget of project probe{number}, its deadline, and the budget of pair{number // 2}?"
        named = f"notes/marker{number}x.md"
        chat = {"model": EVERYTHING, "messages": [{"role": "user", "content": question}]}
        if self.owner != who:
            yield "another's trace", get(who, f"/v1/traces/{self.trace}")
            yield "another's answer", post(who, "/v1/feedback", {"trace_id": self.trace, "helpful": True})
            yield "another's conversation", page(who, f"/conversations/{self.conversation}")
            yield "another's trace page", page(who, f"/traces/{self.trace}")
        told = post(who, "/v1/ask", {"question": question})
        yield "ask", told
        mine = told.json().get("trace_id", "none")
        wrong = {"trace_id": mine, "helpful": False, "reason": "missing", "evidence": [named]}
        yield "stream", post(who, "/v1/ask", {"question": question}, Accept="text/event-stream")
        yield "search", post(who, "/v1/search", {"question": question, "limit": 100})
        yield "chat", post(who, "/v1/chat/completions", chat)
        yield "chat stream", post(who, "/v1/chat/completions", {**chat, "stream": True})
        yield "tool ask", tool(who, "ask", question=question)
        yield "tool search", tool(who, "search", question=question)
        yield "named tool", tool(who, "get_item", identifier=named)
        yield (
            "named evidence by a tool",
            tool(who, "report_correction", trace_id=mine, reason="missing", evidence=[named]),
        )
        yield "named evidence", post(who, "/v1/feedback", wrong)
        yield "trace", get(who, f"/v1/traces/{mine}")
        yield "trace page", page(who, f"/traces/{mine}")
        yield "named item", get(who, f"/v1/items/{named}")
        yield "named revisions", get(who, f"/v1/revisions/{named}")
        yield "named page", page(who, f"/items/{named}")
        yield "conflicts", get(who, "/v1/conflicts?all=true&limit=200")
        hidden = [name for name, sides in self.conflicts.items() if not sides <= self.world.readable[who]]
        if hidden:
            yield "another's conflict", get(who, f"/v1/conflicts/{self.world.random.choice(hidden)}")
        yield "sources", get(who, "/v1/sources")
        yield "suggestions", get(who, "/v1/taxonomy/suggestions?q=marker")
        yield "schemes", get(who, "/v1/taxonomy/schemes")
        yield "models", get(who, "/v1/models")
        yield "use cases", get(who, "/v1/use-cases")
        asked = page(who, "/ask", {"question": question})
        yield "page ask", asked
        yield "page stream", page(who, "/ask", {"question": question}, accept="text/event-stream")
        for path in self.paths:
            yield f"page {path}", page(who, path)
        yield "export", page(who, "/conversations.json")
        self.trace, self.owner = mine, who
        self.conversation = str(asked.url).rpartition("/")[2] if "/conversations/" in str(asked.url) else "none"
        assert page(who, "/conversations/delete", {}).status_code in {200, 403}  # its own, so that it stays small

    def _get(self, who, path):
        return self.client.get(path, headers={"X-Concord-User": who})

    def _post(self, who, path, body, **more):
        return self.client.post(path, json=body, headers={"X-Concord-User": who, **more})

    def _page(self, who, path, data=None, accept="text/html"):
        headers = {"X-Concord-User": who, "Accept": accept, "Sec-Fetch-Site": "same-origin"}
        return self.client.request("GET" if data is None else "POST", path, data=data, headers=headers)

    def _tool(self, who, name, **arguments):
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        more = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
        return self._post(who, "/mcp", call, **more)


def run(make_workspace, serve, seed, people, groups, documents, again):
    world = World(seed, people, groups, documents)
    files = {"sources/people-handbook.yaml": None, "sources/finance-policies.yaml": None}
    files |= {"authority.yaml": None, "usecases/ask-people.yaml": None, "ownership.yaml": "rules: []\n"}
    workspace = make_workspace({**files, "sources/notes.yaml": MAPPING, "principals.yaml": world.principals()})
    limits = "service: {requests_per_minute: 1000000, corrections_per_hour: 100000}\n"
    workspace.write("concord.yaml", f"{(workspace.folder / 'concord.yaml').read_text('utf-8')}{limits}")
    for number in world.readers:
        world.write(workspace, number)
    assert workspace.run("apply").code == 0
    client = serve(workspace)

    def sync():
        concord = client.app.state.live.current()
        concord.sync_sources(concord.foundation.sources.values())

    sync()
    look = Looker(client, world)
    for step in range(3):
        for turn, who in enumerate(world.people if step == 0 else world.random.sample(world.people, again)):
            numbers = world.asked_of(look.before, who)  # in the large world, one of the two in turns
            look(who, numbers if people < 100 else [numbers[turn % len(numbers)]])
            assert not look.leaks, (step, look.leaks[:5])
        if world.many:
            look(TOO_MANY, [0, 1])
            assert not look.leaks, look.leaks[:5]
        if step == 0:  # groups: in force at the next request
            changed = world.revoke()
            workspace.write("principals.yaml", world.principals())
            assert workspace.run("apply").code == 0
            for number in changed:
                world.write(workspace, number)
            sync()
        if step == 1:  # a document is taken from everybody, between two requests of one person
            [who] = [each for each in world.people if world.readable[each]][:1]
            number = max(world.readable[who])
            before = look.told.total()
            look(who, [number])
            assert look.told.total() > before
            world.readers[number] = set()
            world.write(workspace, number)
            world.settle()
            sync()
            look(who, [number])
            assert not look.leaks, look.leaks[:5]
    silent = {"schemes", "models", "use cases", "suggestions", "sources"}
    silent |= {each for each in look.asked if each.startswith(("another's", "export", "page /", "named evidence"))}
    assert all(look.told[way] for way in look.asked.keys() - silent), look.told  # people do find what is theirs

    assert look.asked["another's conflict"] and {"page /", "page /work/pages", "page /cases"} <= look.asked.keys()
    return look


def test_nobody_learns_of_what_they_may_not_read(make_workspace, serve):
    run(make_workspace, serve, seed=1, people=5, groups=5, documents=16, again=3)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_thousand_people_groups_and_documents(make_workspace, serve):
    run(make_workspace, serve, seed=2, people=1000, groups=1000, documents=1000, again=100)
