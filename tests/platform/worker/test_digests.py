"""Mails and webhooks: to whom they go, what they tell, that they are signed, and that nothing is sent twice."""

import base64
import hashlib
import hmac
import itertools
import json
import logging
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from sqlalchemy import select

from concord.bootstrap import Concord
from concord.bootstrap.running import job_of
from concord.catalog import deliveries
from concord.catalog.engine import reading
from concord.catalog.schema import deliveries as table
from concord.catalog.schema import notifications
from concord.governance.entries import DescribeItem
from concord.service.logs import configure
from concord.worker import Worker, channels, digests
from concord.worker.channels import Webhook
from concord.worker.digests import send_digests
from concord_feedback.cases import Act, Fix, Move

LEAVE = "people-handbook/leave.md"
QUESTION = "How many days of annual leave does everyone receive?"
BICYCLES = "For how many hours may bicycles be parked in the shed?"
KEY = base64.b64encode(b"k" * 32).decode()


def drip(handler, part):
    """Say a little at a time until the other side hangs up, and note that it did; ends by itself some day."""
    with suppress(OSError):
        for _ in range(500):
            handler.wfile.write(part)
            handler.server.hung_up.wait(0.02)
        return
    handler.server.hung_up.set()


class Smtp(StreamRequestHandler):
    """As much of a mail server as keeps mails, or says what it is told to; `.` is what it says to a mail."""

    def handle(self):
        self.server.connects += 1
        if self.server.drips:
            return drip(self, b"220-a moment\r\n")
        self.say(self.server.replies.get("", "220 here"))
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                lines = []
                while (each := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(each)
                if "." not in self.server.replies:
                    self.server.mails.append("\n".join(lines))
                verb = "."
            self.say(self.server.replies.get(verb, "221 bye" if verb == "QUIT" else "250 fine"))
            if verb == "QUIT":
                break
        return None

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Hook(BaseHTTPRequestHandler):
    """A webhook that keeps what is posted, and answers what it is told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.posts.append((dict(self.headers.items()), body))
        if self.server.drips:
            self.wfile.write(self.server.drips)
            return drip(self, b"x")
        self.send_response(self.server.status)
        self.send_header("location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        return None

    def log_message(self, *_):
        pass


@contextmanager
def served(kind, handler, **facts):
    with kind(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        vars(server).update(facts, drips=b"", hung_up=threading.Event())
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def smtp():
    with served(ThreadingTCPServer, Smtp, mails=[], replies={}, connects=0) as server:
        yield server


@pytest.fixture
def hook(monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", f"whsec_{KEY}")
    with served(ThreadingHTTPServer, Hook, posts=[], status=204) as server:
        yield server


def settings(smtp=None, hook=None, **webhook):
    made = {"hosts": ["127.0.0.1"], "link": "https://concord.example"}
    if smtp:
        port = smtp.server_address[1]
        made["email"] = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "concord@small.example"}
    if hook:
        url = f"http://127.0.0.1:{hook.server_address[1]}/in"
        secret = {} if webhook.get("kind") == "slack" else {"secret_env": "HOOK_SECRET"}
        made["webhooks"] = [{"name": "ops", "url": url, "recipients": ["user:ann"], **secret, **webhook}]
    return made


@pytest.fixture
def opened(synced_copy):
    assert synced_copy.run("sync").code == 0
    made = []

    def open_(notifications):
        text = (synced_copy.folder / "concord.yaml").read_text("utf-8")
        synced_copy.write("concord.yaml", f"{text}notifications: {json.dumps(notifications)}\n")
        for who in ("ann", "pat"):
            synced_copy.replace("principals.yaml", f"id: {who},", f"id: {who}, email: {who}@small.example,")
        assert synced_copy.run("apply").code == 0
        made.append(Concord.open(synced_copy.folder))
        return made[-1]

    yield open_
    for each in made:
        each.close()


def correct(concord, workspace, who="pat", evidence=LEAVE):
    trace = json.loads(workspace.run("ask", "How many days of annual leave?", "--as", who, "--json").out)["trace_id"]
    done = workspace.run("correct", trace, "--as", who, "--evidence", evidence, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)["corrections"][0]["case"]


def states(concord):
    with reading(concord.engine) as connection:
        return sorted(map(tuple, connection.execute(select(table.c.target, table.c.state))))


def parsed(mail):
    return message_from_string(mail, policy=policy.default)


@pytest.mark.parametrize(
    ("act", "more", "text"),
    [("resolve", ("--reason", "will_not_fix"), "looked at and closed"), ("archive", (), "looked at and put away")],
)
def test_a_mail_goes_once_to_whom_it_concerns(opened, synced_copy, smtp, act, more, text):
    concord = opened(settings(smtp))
    number = correct(concord, synced_copy)
    assert send_digests(concord).problems == ()
    assert send_digests(concord).notifications == 0
    mails = [parsed(each) for each in smtp.mails]
    assert {each["To"] for each in mails} == {"ann@small.example"}
    told = mails[0].get_content()
    assert f"(case {number})" in told and "How many days of annual leave?" in told
    assert f"https://concord.example/cases/{number}" in told
    assert synced_copy.run("cases", "acknowledge", str(number), "--as", "ann").code == 0
    done = (act, str(number), "--as", "ann", *more, "--comment", "right")
    assert synced_copy.run("cases", *done).code == 0
    assert send_digests(concord).problems == ()
    (mail,) = [parsed(each) for each in smtp.mails if "pat@" in parsed(each)["To"]]
    assert text in mail.get_content() and "/cases/" not in mail.get_content()


def test_who_may_not_see_a_case_any_more_is_not_told_of_it(opened, synced_copy, smtp):
    concord = opened(settings(smtp))
    correct(concord, synced_copy)
    # The news of the case waits for somebody whose page it no longer is when the digest is sent.
    text = (synced_copy.folder / "ownership.yaml").read_text("utf-8")
    synced_copy.write("ownership.yaml", text.replace("user:ann", "user:fay").replace("group:people-leads", "user:fay"))
    assert synced_copy.run("apply").code == 0
    again = concord.renewed()
    again.desk.reroute()
    assert send_digests(again).problems == ()
    assert ("email:ann", "withheld") in states(again)
    assert "annual leave" not in "".join(smtp.mails)


@pytest.mark.parametrize("between", [True, False])
def test_whoever_gets_a_case_back_is_told_that_it_is_theirs_again(opened, synced_copy, smtp, between):
    concord = opened(settings(smtp))
    number = correct(concord, synced_copy)
    kept = (synced_copy.folder / "ownership.yaml").read_text("utf-8")
    for text in (kept.replace("user:ann", "user:pat"), kept):
        synced_copy.write("ownership.yaml", text)
        assert synced_copy.run("apply").code == 0
        concord.renewed().desk.reroute()
        if between:
            assert send_digests(concord).problems == ()
    assert send_digests(concord).problems == ()
    mails = [parsed(each) for each in smtp.mails]
    told = [each.get_content() for each in mails if each["To"] == "ann@small.example"]
    assert len(told) == 1 and told[0].count(f"This case became yours (case {number})") == 1


@pytest.mark.parametrize("archived", [False, True])
def test_a_fix_that_has_broken_again_is_told_as_broken_alone(opened, synced_copy, smtp, archived):
    concord = opened(settings(smtp))
    question = json.loads(synced_copy.run("ask", QUESTION, "--as", "pat", "--json").out)["trace_id"]
    made = synced_copy.run("correct", question, "--as", "pat", "--right-answer", "28 days", "--json")
    assert made.code == 0, made.err
    send_digests(concord)
    smtp.mails.clear()
    for old, new in (("27 days", "28 days"), ("28 days", "26 days")):
        synced_copy.replace("content/people/leave.md", old, new)
        assert synced_copy.run("sync").code == 0
        if archived and new == "28 days":
            number = str(json.loads(made.out)["corrections"][0]["case"])
            put_away = ("archive", number, "--as", "ann", "--comment", "done")
            assert synced_copy.run("cases", *put_away).code == 0
    assert send_digests(concord).problems == ()
    (told,) = [parsed(each).get_content() for each in smtp.mails if "pat@" in parsed(each)["To"]]
    assert "broken again" in told and "fixed:" not in told and "put away" not in told
    assert ("email:pat", "withheld") in states(concord)
    synced_copy.replace("content/people/leave.md", "26 days", "28 days")
    assert synced_copy.run("sync").code == 0
    smtp.mails.clear()
    send_digests(concord)
    (told,) = [parsed(each).get_content() for each in smtp.mails if "pat@" in parsed(each)["To"]]
    assert "is fixed" in told


def test_who_has_only_asked_is_not_told_that_they_reported_it(opened, synced_copy, smtp):
    concord = opened(settings(smtp))
    for who in ("pat", "fay"):
        assert json.loads(synced_copy.run("ask", BICYCLES, "--as", who, "--json").out)["abstained"]
    assert synced_copy.run("cases", "detect").code == 0
    page = "# Parking bicycles\n\nBicycles may be parked in the shed for 12 hours.\n"
    synced_copy.write("content/people/bicycles.md", page)
    for _ in range(2):
        assert synced_copy.run("sync").code == 0
    send_digests(concord)
    (told,) = [parsed(each).get_content() for each in smtp.mails if "pat@" in parsed(each)["To"]]
    assert "a question of yours is fixed" in told and "you reported" not in told


@pytest.mark.parametrize("decided", [False, True])
def test_whoever_decides_on_what_a_case_waits_for_is_sent_that_and_nothing_of_the_case(
    opened, synced_copy, smtp, decided
):
    number = correct(opened(settings(smtp)), synced_copy)
    text = (synced_copy.folder / "concord.yaml").read_text("utf-8")
    synced_copy.write("concord.yaml", text + "governance: {mode: governed, approvers: ['user:pat', 'user:carl']}\n")
    concord, now = Concord.open(synced_copy.folder), datetime.now(UTC)
    try:
        send_digests(concord)
        smtp.mails.clear()
        policy_file = concord.foundation.declarations.files["authority.yaml"]
        changed = {"authority.yaml": f"# another\n{policy_file}"}
        ann, pat = map(concord.foundation.directory.principal, ("ann", "pat"))
        proposal = concord.proposals.propose("authority", changed, "user:ann", "the other one wins").proposals[0]
        fix = Fix(now, "user:ann", "a ranking", proposal=proposal.id)
        concord.desk.act(ann, number, Move(Act.SUBMIT_FIX, "user:ann", now, fix=fix))
        if decided:
            concord.proposals.reject((proposal.id, 1), pat, "no")
        for _ in range(2):
            assert send_digests(concord).problems == ()
        mine = [parsed(each).get_content() for each in smtp.mails if "pat@" in parsed(each)["To"]]
        assert len(mine) == (0 if decided else 1) and (("email:pat", "withheld") in states(concord)) is decided
        for told in mine:
            assert f"waits for your decision: proposal {proposal.id}" in told
            assert f"https://concord.example/proposals/{proposal.id}" in told
            assert "annual leave" not in told and "/cases/" not in told and f"case {number}" not in told
    finally:
        concord.close()


@pytest.mark.parametrize("page", ["", "people-handbook/restricted/zanzibar.md"])
def test_whoever_may_decide_on_a_proposal_that_no_case_waits_for_is_told_of_it_once(opened, synced_copy, smtp, page):
    opened(settings(smtp))
    text = (synced_copy.folder / "concord.yaml").read_text("utf-8")
    synced_copy.write("concord.yaml", text + "governance: {mode: governed, approvers: ['user:pat', 'user:carl']}\n")
    concord, now = Concord.open(synced_copy.folder), datetime.now(UTC)
    try:
        policy_file = concord.foundation.declarations.files["authority.yaml"]
        changed = {"authority.yaml": f"# another\n{policy_file}"}
        operation = DescribeItem(identifier=page, values={"title": "Other"}).to_json() if page else None
        made = concord.proposals.propose("authority", changed, "user:ann", "because of zanzibar", operation)
        number = made.proposals[0].id
        concord.desk.follow(now)
        assert told_of_proposals(concord) == []  # a case may be about to wait for it
        for minutes in (2, 3, 60):
            concord.desk.follow(now + timedelta(minutes=minutes))
        for _ in range(2):
            assert send_digests(concord).problems == ()
        mine = [parsed(each).get_content() for each in smtp.mails if "pat@" in parsed(each)["To"]]
        if page:  # whoever may not read the page does not learn that it is there
            assert told_of_proposals(concord) == [] and mine == []
            return
        assert told_of_proposals(concord) == [(number, "user:carl"), (number, "user:pat")]
        (told,) = mine
        assert f"A change of the workspace waits for your decision: proposal {number}" in told
        assert (
            f"https://concord.example/proposals/{number}" in told and "zanzibar" not in told and "/cases/" not in told
        )
        (news,) = synced_copy.json("cases", "news", "--as", "pat")["news"]
        assert (news["proposal"], news["what"], news.get("case")) == (number, "proposal.asked", None)
        concord.proposals.reject((number, 1), concord.foundation.directory.principal("pat"), "no")
        assert "proposal (decided)" in synced_copy.run("cases", "news", "--as", "pat").out
    finally:
        concord.close()


def told_of_proposals(concord):
    with reading(concord.engine) as connection:
        told = select(notifications.c.proposal_id, notifications.c.recipient)
        told = told.where(notifications.c.kind == "proposal.asked").order_by(notifications.c.recipient)
        return [tuple(each) for each in connection.execute(told)]


def test_a_webhook_is_signed_and_tells_no_words_of_anybody(opened, synced_copy, hook):
    concord = opened(settings(hook=hook))
    number = correct(concord, synced_copy)
    assert send_digests(concord).problems == ()
    ((headers, body),) = hook.posts
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"k" * 32, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(datetime.now(UTC).timestamp() - int(headers["webhook-timestamp"])) < 600
    told = json.loads(body)["data"]["notices"]
    assert number in {each["case"] for each in told} and "annual" not in body.decode() and "leave" not in body.decode()


def test_what_a_webhook_is_sent_again_has_the_same_ids(opened, synced_copy, hook):
    concord = opened(settings(hook=hook))
    correct(concord, synced_copy)
    for hook.status in (503, 503, 204):
        send_digests(concord)
    sent = [(headers["webhook-id"], json.loads(body)["data"]["notices"]) for headers, body in hook.posts]
    assert len(sent) == 3 and sent[0] == sent[1] == sent[2]
    assert all(each["to"] == "user:ann" for each in sent[0][1])
    ids = [each["id"] for each in sent[0][1]]
    assert ids and len({*ids, sent[0][0]}) == len(ids) + 1


def test_slack_gets_text(opened, synced_copy, hook):
    concord = opened(settings(hook=hook, kind="slack"))
    number = correct(concord, synced_copy)
    assert send_digests(concord).problems == ()
    ((headers, body),) = hook.posts
    assert "webhook-signature" not in headers
    assert f"(case {number}) <https://concord.example/cases/{number}|open>" in json.loads(body)["text"]


def test_slack_reads_for_whom_each_line_is_where_it_has_several(opened, synced_copy, hook):
    concord = opened(settings(hook=hook, kind="slack", recipients=["user:ann", "user:pat"]))
    number = correct(concord, synced_copy)
    assert send_digests(concord).problems == ()
    text = "".join(json.loads(body)["text"] for _, body in hook.posts)
    assert f"• user:ann: This case became yours (case {number})" in text


@pytest.mark.parametrize(
    ("status", "state", "again"), [(503, None, 1), (429, None, 1), (400, "failed", 0), (302, "failed", 0)]
)
def test_what_was_not_taken_is_sent_later_and_what_was_refused_is_not(opened, synced_copy, hook, status, state, again):
    concord = opened(settings(hook=hook))
    correct(concord, synced_copy)
    hook.status = status
    sent = send_digests(concord)
    assert sent.notifications == 0 and str(status) in sent.problems[0]
    assert {each for _, each in states(concord)} == ({state} if state else set())
    hook.status = 200
    assert send_digests(concord).digests == again


@pytest.mark.parametrize(
    ("verb", "reply", "state", "again"),
    [
        ("MAIL", "421 4.3.2 shutting down", None, 1),
        ("RCPT", "451 4.7.1 greylisted, try again in 5 minutes", None, 1),
        (".", "452 4.3.1 no room, try later", None, 1),
        ("EHLO", "421 4.3.2 shutting down", None, 1),
        ("MAIL", "550 not from you", "failed", 0),
        ("RCPT", "550 nobody here", "failed", 0),
        (".", "554 5.7.1 spam", "failed", 0),
        (".", "what?", "unsure", 0),
    ],
)
def test_a_mail_that_is_to_come_again_later_does_and_one_that_is_refused_does_not(
    opened, synced_copy, smtp, verb, reply, state, again
):
    concord = opened(settings(smtp))
    correct(concord, synced_copy)
    smtp.replies[verb] = reply
    if verb == "EHLO":
        smtp.replies["HELO"] = reply
    (problem,) = send_digests(concord).problems
    assert reply[:3] in problem or state == "unsure"
    assert {each for _, each in states(concord)} == ({state} if state else set())
    smtp.replies.clear()
    assert send_digests(concord).digests == len(smtp.mails) == again


@pytest.mark.parametrize("goodbye", ["421 4.3.2 shutting down", "what?"])
def test_a_mail_that_was_taken_is_sent_whatever_is_said_to_the_goodbye(opened, synced_copy, smtp, goodbye):
    concord = opened(settings(smtp))
    correct(concord, synced_copy)
    smtp.replies["QUIT"] = goodbye
    assert send_digests(concord).problems == ()
    assert len(smtp.mails) == 1 and set(states(concord)) == {("email:ann", "sent")}


def test_whatever_becomes_of_one_target_leaves_the_others_alone(opened, synced_copy, smtp):
    name = f"{'a' * 64}.example"  # longer than the name of a host may be, which no error of the network says
    made = settings(smtp)
    made["hosts"].append(name)
    made["email"] |= {"host": name, "security": "starttls"}
    concord = opened(made)
    told_two(concord, synced_copy)
    assert send_digests(concord).problems == ("email:ann: UnicodeError", "email:pat: UnicodeError")
    assert set(states(concord)) >= {("email:ann", "unsure"), ("email:pat", "unsure")}


def test_digests_that_failed_are_tried_again_by_their_schedule_at_the_latest(opened, synced_copy, hook):
    concord = opened({**settings(hook=hook), "digest_minutes": 3})
    correct(concord, synced_copy)
    hook.status, now, waits = 503, datetime.now(UTC), []
    worker = Worker(concord, lambda: now)
    for _ in range(4):
        assert {each.job: each.state for each in worker.drain()}["digests/webhook/ops"] == "failed"
        due = job_of(concord, "digests/webhook/ops", 1).due
        waits.append((due - now) / timedelta(minutes=1))
        now = due
    assert waits == [1, 2, 3, 3]


def told_two(concord, workspace):
    """News of two people: whose page it is, and who reported it."""
    number = correct(concord, workspace)
    assert workspace.run("cases", "acknowledge", str(number), "--as", "ann").code == 0
    done = ("resolve", str(number), "--as", "ann", "--reason", "will_not_fix", "--comment", "right")
    assert workspace.run("cases", *done).code == 0
    correct(concord, workspace, who="fay")


@pytest.mark.parametrize(
    ("said", "becomes"), [(b"HTTP/1.1 200 OK\r\n\r\n", "sent"), (b"HTTP/1.1 200 OK\r\nx-word: ", "unsure")]
)
def test_a_webhook_that_answers_a_little_at_a_time_is_hung_up_on(opened, synced_copy, hook, monkeypatch, said, becomes):
    monkeypatch.setattr(channels, "TIMEOUT", 0.5)
    concord = opened(settings(hook=hook))
    correct(concord, synced_copy)
    hook.drips = said
    assert send_digests(concord).digests == (becomes == "sent")
    assert {each for _, each in states(concord)} == {becomes}
    assert hook.hung_up.wait(60)


def test_a_mail_server_that_answers_a_little_at_a_time_is_hung_up_on_and_asked_later(
    opened, synced_copy, smtp, monkeypatch
):
    monkeypatch.setattr(channels, "TIMEOUT", 0.5)
    concord = opened(settings(smtp))
    told_two(concord, synced_copy)
    smtp.drips = True
    (problem,) = send_digests(concord).problems
    assert "cannot be used" in problem and {each for _, each in states(concord)} <= {"withheld"}
    assert smtp.hung_up.wait(60) and smtp.connects == 1  # and not once for each who was to be written to
    smtp.drips = False
    assert send_digests(concord).digests == len(smtp.mails) == 2


def test_mails_of_which_there_are_many_let_others_have_their_turn(opened, synced_copy, smtp, hook, monkeypatch):
    concord = opened(settings(smtp, hook))
    told_two(concord, synced_copy)
    start, seconds = datetime.now(UTC), itertools.count()
    monkeypatch.setattr(digests, "AT_A_STRETCH", 0.0)
    done = Worker(concord, lambda: start + timedelta(seconds=next(seconds))).drain()
    assert {each.state for each in done} == {"done"}
    mine = [each.job for each in done if each.job.startswith("digests/")]
    assert mine[:2] == ["digests/email", "digests/webhook/ops"] and mine.count("digests/email") > 1
    assert len(smtp.mails) == 2 and len(hook.posts) == 1


def test_a_server_that_is_away_delays_nothing_at_another(opened, synced_copy, smtp, hook):
    concord = opened(settings(smtp, hook))
    correct(concord, synced_copy)
    hook.status = 503
    done = {each.job: each.state for each in Worker(concord).drain()}
    assert (done["digests/webhook/ops"], done["digests/email"]) == ("failed", "done")
    assert len(smtp.mails) == 1


def test_a_worker_that_is_killed_while_it_sends_repeats_nothing(opened, synced_copy, hook, monkeypatch):
    concord = opened(settings(hook=hook))
    correct(concord, synced_copy)
    send = Webhook.send

    class Killed(BaseException):
        """As `kill -9` leaves it: nothing runs after it."""

    def killed(self, *arguments):
        send(self, *arguments)
        raise Killed

    monkeypatch.setattr(Webhook, "send", killed)
    with pytest.raises(Killed):
        send_digests(concord)
    assert {each for _, each in states(concord)} == {"sending"}
    monkeypatch.setattr(Webhook, "send", send)
    assert send_digests(concord).notifications == 0
    assert len(hook.posts) == 1


def test_old_news_is_not_sent(opened, synced_copy, hook):
    concord = opened(settings(hook=hook))
    correct(concord, synced_copy)
    assert send_digests(concord, datetime.now(UTC) + timedelta(days=3)).notifications == 0 and hook.posts == []
    with reading(concord.engine) as connection:
        since = datetime.now(UTC) - timedelta(days=2)
        assert deliveries.waiting(connection, "webhook:ops", ["user:ann"], since, 9)


@pytest.mark.parametrize("secret", ["", "whsec_short", "whsec_c2hvcnQ="])
def test_a_secret_that_is_missing_or_weak_sends_nothing(opened, synced_copy, hook, monkeypatch, secret):
    monkeypatch.setenv("HOOK_SECRET", secret)
    concord = opened(settings(hook=hook))
    correct(concord, synced_copy)
    (problem,) = send_digests(concord).problems
    assert ("secret" in problem or "HOOK_SECRET" in problem) and "c2hv" not in problem
    assert hook.posts == [] and states(concord) == []


def test_the_address_of_a_webhook_is_in_no_log(opened, synced_copy, hook, capfd, monkeypatch):
    for name, value in (("handlers", []), ("level", logging.root.level)):
        monkeypatch.setattr(logging.root, name, value)
    concord = opened(settings(hook=hook, kind="slack"))
    correct(concord, synced_copy)
    configure("text")
    logging.getLogger("concord.worker").info("it logs")
    assert send_digests(concord).digests == 1
    written = capfd.readouterr().err
    assert "it logs" in written and hook.posts and "/in" not in written
