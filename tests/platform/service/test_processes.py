"""A real server beside `sync` and `ask` of other processes on one workspace."""

import threading

import httpx

ASKED = "How many days of annual leave does everyone receive?"


def ask(url, who):
    return httpx.post(f"{url}/v1/ask", json={"question": ASKED}, headers={"X-Concord-User": who}, timeout=60)


def test_served_synced_and_asked_at_once(synced_copy, served):
    """While one process serves, another reads new content in, and a third asks: each sees a whole state."""
    assert synced_copy.run("sync").code == 0
    answers, done = [], threading.Event()

    def asking(url):
        while not done.is_set():
            answers.append(ask(url, "pat"))

    with served(synced_copy) as (url, _):
        thread = threading.Thread(target=asking, args=(url,))
        thread.start()
        try:
            for days in (28, 29, 30):
                old = synced_copy.folder / "content/people/leave.md"
                old.write_text(old.read_text("utf-8").replace(f"{days - 1} days", f"{days} days"), "utf-8")
                synced = synced_copy.run("sync")
                assert synced.code == 0, synced.err
                printed = synced_copy.run("ask", ASKED, "--as", "pat")
                assert f"{days} days" in printed.out, printed.err
                assert f"{days} days" in ask(url, "pat").json()["answer"]
        finally:
            done.set()
            thread.join()
    assert answers and {answer.status_code for answer in answers} == {200}
    # A page that changed is not found until the index has followed; where it is, it says what it said at some moment.
    found = [citation for answer in answers for citation in answer.json()["citations"]]
    quotes = {each["quote"] for each in found if each["identifier"] == "people-handbook/leave.md"}
    wordings = {quote for quote in quotes if "annual leave a year" in quote}
    assert wordings <= {f"Everyone receives {days} days of annual leave a year." for days in (27, 28, 29, 30)}
