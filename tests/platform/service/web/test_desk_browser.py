"""Cases in a real browser: an error from its report to its proof, by keyboard, without scripts, and for every eye."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from concord.bootstrap.traced import correct
from concord.catalog.cases import CatalogCases
from concord.catalog.engine import reading, writing
from concord.catalog.schema import cases
from concord_feedback import Rating, parse_questions
from concord_feedback.cases import About
from concord_feedback.causes import RootCause

LEAVE = "How many days of annual leave does everyone receive?"
MILEAGE = "What is the mileage rate for a private car?"
DEPOSIT = "What is the deposit for a locker?"
PARKING = "---\nmodified: 2021-02-01\nreview_due: 2023-01-01\n---\n# Parking\n\nThe car park opens at six.\n"


OWNERS = """\
rules:
  - match: {source: handbook}
    owner: user:ann
    backup: group:leads
  - match: {source: wiki}
    owner: user:ann
roles: {access: group:leads, triage: group:leads}
"""
HANDBOOK = """\
title: People handbook
connector: files
options: {path: handbook}
mapping:
  fields:
    modified: {path: metadata.modified, date: true}
    review_due: {path: metadata.review_due, date: true}
    publisher: {const: People}
    authority_tier: {const: policy}
    readers: {const: ["group:staff"]}
  rules:
    - match: {path: "closed/**"}
      set: {readers: ["group:leads"]}
"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECK = "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})"


@pytest.fixture(scope="module")
def changed():
    """A backup, who sorts cases, and a page past its review."""
    return {"ownership.yaml": OWNERS, "sources/handbook.yaml": HANDBOOK, "handbook/parking.md": PARKING}


def reported(site, who, question, right, use_case=None, evidence=()):
    """Ask, say that it is wrong; returns the number of the case."""
    principal = site.concord.foundation.directory.principal(who)
    answer = site.concord.ask(question, principal, use_case)
    rating = Rating(helpful=False, reason="wrong", right_answer=right, evidence=evidence)
    made = correct(site.concord.engine, principal, answer.trace_id, rating, 1_000, site.concord.desk)
    with reading(site.concord.engine) as connection:
        return CatalogCases(connection).filed(f"correction/{made.id}")


def test_the_whole_loop_from_a_wrong_answer_to_its_proof(tab, site):
    asker, owner = tab("pat"), tab("ann")
    asker.go()
    turn = asker.ask(LEAVE)
    conversation = asker.page.url
    turn.locator(".correct > summary").click()
    turn.get_by_label("It is out of date").check()
    turn.get_by_label("What is the right answer?").fill("28 days")
    turn.get_by_role("button", name="Send correction").click()
    turn.locator(".said").wait_for()

    owner.go("/work")
    owner.page.locator("[data-case]", has_text=LEAVE).locator("[data-open]").click()
    assert "Reported by a person: it is out of date" in owner.page.locator(".reports").inner_text()
    owner.page.get_by_role("button", name="Acknowledge").click()
    owner.page.get_by_role("button", name="Find the cause").click()
    owner.page.get_by_text("The page is wrong.").wait_for()
    assert not owner.page.locator(".probes").is_visible()  # folded behind
    owner.page.get_by_text("How this was found out, step by step").click()
    assert owner.page.locator(".probes .is-failed").count() == 1
    case = owner.page.url

    asker.page.goto(conversation)
    assert "Somebody is looking at it" in asker.page.locator(".said").inner_text()

    page = site.folder / "handbook" / "leave.md"
    page.write_text(page.read_text("utf-8").replace("27 days", "28 days"), "utf-8")
    concord = site.app.state.live.current()
    assert not concord.sync_sources(concord.foundation.sources.values()).failed

    owner.page.goto(case)
    assert "Fixed and proven" in owner.page.locator(".case-line").inner_text()
    assert "1 of 1 questions are answered rightly" in owner.page.locator(".proof").inner_text()
    assert "27 days" in owner.page.locator(".reached").inner_text()
    owner.page.get_by_role("button", name="Tell 1 person that it was corrected").click()
    owner.page.get_by_text("1 person was told that it was corrected").wait_for()
    asker.go("/notices")
    assert "What you reported is fixed" in asker.page.locator(".news").inner_text()
    asker.page.goto(conversation)
    assert "It is fixed" in asker.page.locator(".said").inner_text()
    assert "28 days" in asker.ask(LEAVE).locator(".answer").inner_text()
    (kept,) = parse_questions((site.folder / "evals" / "cases.jsonl").read_text("utf-8"))
    assert (kept.question, kept.principal, kept.evidence) == (LEAVE, "user:pat", ("handbook/leave.md@2..",))


def test_cases_by_keyboard(tab, site):
    numbers = [reported(site, "pat", MILEAGE, "£0.60"), reported(site, "pat", DEPOSIT, "40 pounds")]
    here = tab("ann")
    here.go("/cases?state=new&mine=yes")
    press = here.page.keyboard.press
    current = "document.querySelector('.case-row.current')?.id ?? ''"
    press("j")
    first = here.page.evaluate(current)
    press("j")
    second = here.page.evaluate(current)
    press("k")
    assert first == here.page.evaluate(current) != second and first
    press("a")
    here.page.wait_for_url(lambda url: url.endswith(f"#{first}"))
    here.go("/cases?state=acknowledged&mine=yes")
    assert here.page.locator(f"#{first}").count() == 1
    press("j")
    press("r")
    here.page.wait_for_url("**/cases/*#act-r")
    assert here.page.locator("[data-act=r]").get_attribute("open") is not None
    assert here.page.evaluate("document.activeElement.name") == "reason"
    here.page.keyboard.press("Escape")
    here.go("/cases?state=open")
    press("?")
    assert here.page.locator("[data-keys]").is_visible()
    here.page.locator("[data-keys-on]").uncheck()
    here.page.get_by_role("button", name="Close", exact=True).click()
    press("j")
    assert here.page.evaluate(current) == ""  # turned off, as WCAG 2.1.4 asks
    assert numbers


def test_without_scripts_a_case_is_closed_with_a_reason(tab, site):
    number = reported(site, "pat", DEPOSIT, "41 pounds", "ask-people")
    here = tab("ann", scripts=False)
    here.go(f"/cases/{number}")
    here.page.locator("summary", has_text="Close it").click()
    here.page.get_by_label("It stays as it is").check()
    here.page.locator("[data-act=r] textarea").fill("The page is right.")
    here.page.get_by_role("button", name="Close the case").click()
    assert "It stays as it is".lower() in here.page.locator("#next + p").inner_text().lower()


def outdated(site, number, page="wiki/leave.md"):
    """Let a case have an old page for its cause; returns the number of the case that it is then."""
    told = {"probe": "held", "outcome": "failed", "saw": "what is cited is past its review", "items": [page]}
    desk = site.app.state.live.current().desk
    return desk.diagnosed(number, About(RootCause.STALE_CONTENT, page), [told], "user:ann").id


@pytest.mark.parametrize("scripts", [True, False])
def test_a_suggested_change_is_seen_before_it_is_made(tab, site, scripts):
    number = reported(site, "pat", LEAVE, "29 days" if scripts else "30 days", None, ("handbook/leave.md",))
    number = outdated(site, number, "handbook/leave.md")
    here, year = tab("ann", scripts=scripts), 2098 + scripts
    here.go(f"/cases/{number}")
    form = here.page.locator("#change-review")
    assert form.get_by_label("The page").input_value() == "handbook/leave.md"
    form.get_by_label("To be reviewed again by").fill(f"{year}-05-01")
    form.get_by_role("button", name="See what it would do").click()
    assert "next review" in here.page.locator(".seen").inner_text()
    rules = site.folder / "sources" / "handbook.yaml"
    assert str(year) not in rules.read_text("utf-8")
    form.get_by_role("button", name="Propose").click()
    assert "is in force since" in here.page.locator(".waits").inner_text()
    assert f"review_due: {year}-05-01" in rules.read_text("utf-8")
    here.page.locator(".waits a").click()
    assert "Say that a page was reviewed" in here.page.locator("h1").inner_text()


def test_figures_lead_to_their_cases_and_name_the_rule_that_was_corrected(tab, site):
    number = reported(site, "pat", MILEAGE, "£0.52", None, ("wiki/mileage.md",))
    here = tab("ann")
    here.go("/insights?days=30")
    here.page.locator("#by-rule").wait_for()
    here.page.get_by_role("link", name="Standing of the page").click()
    assert "rule=tier" in here.page.url and "days=30" in here.page.url
    assert here.page.locator(f"#case-{number}").is_visible()
    with here.page.expect_download() as got:
        here.page.get_by_role("link", name="As CSV").click()
    assert got.value.suggested_filename.startswith("concord-cases-")


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_no_violation_of_wcag(tab, site, axe, theme, width):
    number = reported(site, "pat", LEAVE, "25 days", None, ("wiki/leave.md",))
    old = datetime.now(UTC) - timedelta(days=9)
    with writing(site.concord.engine, renews=False) as connection:  # overdue, and with a month's columns
        for data in connection.scalars(cases.select().with_only_columns(cases.c.data)).all():
            late = {**data, "acknowledge_by": old.isoformat(), "found_at": old.isoformat()}
            if data["id"] == number:
                connection.execute(update(cases).where(cases.c.id == number).values(data=late, held_by=None))
    here, found = tab("ann", theme=theme, width=width), {}

    def check(name):
        height = here.page.evaluate("document.documentElement.scrollHeight")
        here.page.set_viewport_size({"width": width, "height": max(844, height)})
        result = here.page.evaluate(CHECK, WCAG)
        where = [(each["id"], node["html"][:200]) for each in result["violations"] for node in each["nodes"]]
        wide = here.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if where or wide > 0:
            found[name] = (where, wide)

    here.page.add_init_script(axe)
    for path in (
        "/work",
        "/work/conflicts",
        "/work/pages?kind=stale",
        "/work/pages?kind=unused",
        "/cases",
        "/cases?state=closed&cause=hallucination",
        f"/cases/{number}",
        "/insights",
        "/insights?department=Nobody",
        "/notices",
    ):
        here.go(path)
        here.page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        check(path)
    here.go("/cases")
    here.page.keyboard.press("?")
    check("keys")
    here.go(f"/cases/{outdated(site, number)}")
    here.page.locator("[name=review_due]").fill(f"{2090 + (theme == 'dark')}-05-{width % 28 + 1:02}")
    here.page.locator("#change-review").get_by_role("button", name="See what it would do").click()
    here.page.locator(".seen").wait_for()
    check("seen")
    here.page.locator("#change-review").get_by_role("button", name="Propose").click()
    here.page.locator(".waits a").wait_for()
    check("waits")
    here.page.locator(".waits a").click()
    here.page.get_by_role("heading", name="What it changes").wait_for()
    check("proposal")
    here.go("/proposals")
    check("proposals")
    assert not found
