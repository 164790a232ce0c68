"""The chat in a real browser: asked, read, corrected, closed; by keyboard, without scripts, and for every eye."""

import re
from datetime import UTC, datetime

import pytest

LEAVE = "How many days of annual leave does everyone receive?"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def test_ask_stream_and_open_a_citation_where_it_stands(tab):
    here = tab()
    here.go()
    here.page.evaluate(
        "new MutationObserver(() => { const text = document.querySelector('[data-text]');"
        " if (text?.textContent) window.streamed = text.textContent; })"
        ".observe(document.body, {childList: true, subtree: true, characterData: true})"
    )
    turn = here.ask(LEAVE)
    assert "27 days" in here.page.evaluate("window.streamed")  # before the whole answer was there
    assert turn.locator(".answer").inner_text().startswith("Everyone receives 27 days of annual leave a year.")
    assert re.search(r"/conversations/[\w-]{36}$", here.page.url)
    turn.locator(".cite").first.click()
    mark = here.page.locator("#passage")
    assert mark.inner_text().strip() == "Everyone receives"
    assert [each.inner_text() for each in here.page.locator("mark").all()][1] == "27 days"
    box = mark.bounding_box()
    assert 0 < box["y"] < 844  # scrolled to
    assert here.page.locator(".crumbs li").all_inner_texts()[0] == "People handbook"
    assert "Ann Lee" in here.page.locator(".page-facts").inner_text()


def test_what_a_document_says_runs_and_loads_nothing(tab):
    here = tab()
    here.go("/items/handbook/leave.md")
    assert "Ask two weeks before" in here.page.locator(".prose").inner_text()
    assert here.page.evaluate("window.harmed") is None
    assert here.page.locator(".prose a").count() == 1
    assert "noopener" in here.page.locator(".prose a").get_attribute("rel")


def test_a_conflict_is_read(tab):
    here = tab()
    here.go()
    turn = here.ask(LEAVE)
    assert not turn.locator(".verdict").count() and not turn.locator(".side-value").first.is_visible()
    turn.locator(".why > summary").click()
    assert turn.locator(".won .side-value").inner_text() == "27 days"
    assert turn.locator(".lost .side-value").inner_text() == "25 days"
    assert "policy stands above a guidance" in turn.locator(".account-why").inner_text()


def test_a_contested_answer_looks_different(tab):
    here = tab()
    here.go()
    turn = here.ask("What is the mileage rate for a private car?")
    assert "contested" in turn.locator(".verdict").inner_text()
    assert turn.locator(".won .side-value").is_visible() and turn.locator(".lost .side-value").is_visible()
    assert "Ann Lee can settle this" in turn.locator(".settle").inner_text()


def test_an_unresolved_one_has_no_winner(tab):
    here = tab()
    here.go()
    turn = here.ask("What is the deposit for a locker?")
    assert "nobody has settled it" in turn.locator(".verdict").inner_text()
    assert not turn.locator(".won").count()
    assert set(turn.locator(".side-value").all_inner_texts()) == {"20 pounds", "30 pounds"}


def test_an_answer_is_corrected(tab):
    here = tab()
    here.go()
    turn = here.ask(LEAVE)
    turn.locator(".correct > summary").click()
    turn.get_by_label("It is out of date").check()
    turn.get_by_label("What is the right answer?").fill("28 days since June")
    turn.get_by_label("Annual leave").check()
    turn.get_by_role("button", name="Send correction").click()
    turn.locator(".said").wait_for()
    assert "28 days since June" in turn.locator(".said").inner_text()
    here.page.reload()
    assert "28 days since June" in here.page.locator(".said").inner_text()
    assert (
        here.page.locator(".said a", has_text="Annual leave")
        .get_attribute("href")
        .startswith("/items/handbook/leave.md")
    )
    here.page.locator(".said .quiet-button").click()
    here.page.get_by_role("heading", name="Passages, best first").wait_for()
    assert "28 days since June" in here.page.locator("main").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_how_it_was_found_stands_under_what_was_said(tab, width):
    """Where it has no room beside it, the link's words begin where those above it do."""
    here = tab(width=width)
    here.go()
    turn = here.ask(LEAVE)
    turn.locator(".correct > summary").click()
    turn.get_by_label("It is out of date").check()
    turn.get_by_label("What is the right answer?").fill("28 days since June, as everybody was told by mail " * 3)
    turn.get_by_role("button", name="Send correction").click()
    words, link = turn.locator(".said > span"), turn.locator(".said > a")
    link.wait_for()
    above, below = words.bounding_box(), link.bounding_box()
    padding = link.evaluate("link => parseFloat(getComputedStyle(link).paddingLeft)")
    assert below["y"] >= above["y"] + above["height"]
    assert abs(below["x"] + padding - above["x"]) < 1


@pytest.mark.parametrize(
    ("given", "told", "page"),
    [
        (
            "“Everyone receives 25 days of annual leave a year.”",
            "“Everyone receives 25 days of",
            "/items/wiki/leave.md",
        ),
        ("https://harbour.example/nowhere", "https://harbour.example/nowhere (on no page", None),
        ("The Zanzibar office closes in June.", "“The Zanzibar office closes in June.” (on no page", None),
    ],
    ids=("a quote", "an address", "words of a page that is closed"),
)
def test_a_correction_shows_its_evidence_where_it_is_found(tab, given, told, page):
    here = tab(width=390)
    here.go()
    turn = here.ask(LEAVE)
    turn.locator(".correct > summary").click()
    turn.get_by_label("It is wrong").check()
    turn.get_by_label("its address, or a sentence from it").fill(given)
    turn.get_by_role("button", name="Send correction").click()
    said = turn.locator(".said")
    said.wait_for()
    icon, text = said.locator("> svg").bounding_box(), said.locator("> span").bounding_box()
    assert icon["y"] < text["y"] + 24 and icon["x"] < text["x"]  # beside the first line, and not a line above it
    here.go(said.locator(".quiet-button").get_attribute("href"))
    on_trace = here.page.locator("main").inner_text()
    here.page.go_back()
    for shown in (on_trace, here.page.locator(".said").last.inner_text()):
        assert f"Your evidence: {told}" in shown and "Zanzibar office" not in shown.replace(given, "")
    links = [each.get_attribute("href") for each in here.page.locator(".said").last.locator("span a").all()]
    assert [each.partition("?")[0] for each in links] == ([page] if page else [])


def test_switch_persona_and_lose_access(tab):
    here = tab("ann")
    here.go()
    here.ask("When does the Zanzibar office close?").locator(".cite").first.wait_for()
    conversation = here.page.url
    here.page.locator(".cite").first.click()
    here.page.locator("h1", has_text="Project Zanzibar").wait_for()
    item = here.page.url
    here.page.select_option("#persona", "pat")
    here.page.locator(".welcome").wait_for()
    assert "Zanzibar" not in here.page.content()
    for address in (item, conversation):
        assert here.page.goto(address).status == 404
        here.page.get_by_role("heading", name="There is no such page for you").wait_for()


def test_nothing_to_read_is_no_dead_end(tab):
    here = tab("carl")
    here.go()
    turn = here.ask(LEAVE)
    assert "Nothing found on this" in turn.inner_text() and "Ask again in other words" in turn.inner_text()


def test_a_follow_up_stays_in_its_conversation_until_it_is_deleted(tab):
    here = tab("ann")
    here.go("/?use_case=ask-people")
    here.page.locator(".example").first.click()
    here.page.locator(".answer").wait_for()
    first = here.page.url
    here.ask("And what of a private car's mileage rate?")
    assert here.page.url == first
    here.page.goto(first)
    assert here.page.locator("[data-turn]").count() == 2
    here.go("/conversations")
    held = here.page.locator(".kept li").count()
    here.page.locator(".kept li").first.get_by_role("button").click()
    here.page.locator(".kept li").nth(held - 1).wait_for(state="detached")
    assert here.page.goto(first).status == 404


def test_of_a_long_question_two_lines_are_listed(tab):
    here = tab("ann", width=1280)
    here.go()
    here.ask("Which of all the many allowances that there are for people who travel " * 3 + "is the largest?")
    listed = here.page.locator(".side .history-list a").first
    seen, line = listed.evaluate("(each) => [each.clientHeight, parseFloat(getComputedStyle(each).lineHeight)]")
    assert line < seen <= 2 * line + 1


def test_by_keyboard(tab):
    here = tab()
    here.go()
    here.page.keyboard.press("Tab")
    assert here.page.evaluate("document.activeElement.className") == "skip"
    here.page.keyboard.press("Enter")
    here.page.keyboard.press("/")
    assert here.page.evaluate("document.activeElement.id") == "question"
    here.page.keyboard.type("one")
    here.page.keyboard.press("Shift+Enter")
    here.page.keyboard.type("two")
    assert here.page.input_value("#question") == "one\ntwo"
    here.page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert here.page.evaluate(outline) == "solid"


def test_a_choice_made_by_keys_waits_until_it_is_sent(tab):
    here = tab()
    here.go()
    here.page.focus("#picker")
    here.page.keyboard.press("ArrowDown")
    assert here.page.input_value("#picker") == "ask-people" and here.page.url.endswith("/")
    assert here.page.evaluate("document.activeElement.id") == "picker"
    assert here.page.locator(".picker .by-key").is_visible() and not here.page.locator(".persona .by-key").is_visible()
    here.page.keyboard.press("Enter")
    here.page.wait_for_url("**/?use_case=ask-people")
    here.page.focus("#persona")
    here.page.keyboard.press("ArrowUp")
    here.page.keyboard.press("Tab")
    assert here.page.evaluate("document.activeElement.textContent") == "Switch"
    here.page.keyboard.press("Enter")
    here.page.wait_for_url("**/")
    assert here.page.locator("#persona option:checked").inner_text() == "Ann Lee"


def test_a_menu_goes_where_the_focus_leaves_it(tab):
    here = tab(width=390)
    here.go()
    here.page.focus("#drawer > summary")
    here.page.keyboard.press("Enter")
    here.page.keyboard.press("Tab")
    assert here.page.evaluate("document.activeElement.closest('#drawer').open")
    while here.page.evaluate("document.activeElement.closest('#drawer')"):
        here.page.keyboard.press("Tab")
    assert not here.page.evaluate("document.querySelector('#drawer').open")


def test_the_focus_is_on_the_thanks_for_a_thumb(tab):
    here = tab()
    here.go()
    turn = here.ask(LEAVE)
    turn.get_by_role("button", name="Helpful").focus()
    here.page.keyboard.press("Enter")
    turn.locator(".said").wait_for()
    here.page.wait_for_function("document.activeElement.classList.contains('said')")


def test_what_is_refused_says_so_and_the_question_stays(tab):
    here = tab()
    here.go()
    here.page.context.clear_cookies()
    turn = here.ask(LEAVE)
    assert "Who is asking is not known" in turn.inner_text() and "No connection" not in turn.inner_text()
    assert here.page.input_value("#question") == LEAVE
    turn.get_by_role("link", name="Sign in").click()
    assert here.page.locator("h1").inner_text() == "Who would you like to be?"


def test_a_refusal_of_something_before_the_service_is_no_lost_connection(tab):
    here = tab()
    here.go()
    here.page.route("**/ask", lambda route: route.fulfill(status=503, body="<h1>Busy</h1>", content_type="text/html"))
    assert "The service answered with status 503." in here.ask(LEAVE).inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_has_the_focus_is_never_behind_the_question_box(tab, width):
    here = tab(width=width)
    here.page.set_viewport_size({"width": width, "height": 664})
    here.page.emulate_media(reduced_motion="reduce")
    here.go()
    turn = here.ask(LEAVE)
    turn.locator(".correct > summary").click()
    here.page.evaluate("window.scrollTo(0, 0)")
    turn.locator(".cite").first.focus()
    hidden = """() => { const held = document.activeElement, box = document.querySelector(".composer-place");
        if (box.contains(held)) return "there";
        const mine = held.getBoundingClientRect();
        return mine.bottom > box.getBoundingClientRect().top + 24 && mine.height ? held.outerHTML : ""; }"""
    seen = 0
    while (found := here.page.evaluate(hidden)) != "there":
        assert not found
        seen += 1
        here.page.keyboard.press("Tab")
    assert seen > 5


def test_a_past_day(tab):
    here = tab()
    here.go()
    here.page.fill("[name=as_of]", "2001-01-01")
    turn = here.ask(LEAVE)
    assert "As things stood on 1 Jan 2001" in turn.inner_text() and "Nothing is known for that day" in turn.inner_text()
    assert here.page.input_value("[name=as_of]") == "2001-01-01"  # a follow-up is about the same day
    here.page.reload()
    assert here.page.input_value("[name=as_of]") == "2001-01-01"
    here.page.fill("[name=as_of]", "")
    turn = here.ask(LEAVE)
    assert "27 days" in turn.inner_text() and "As things stood" not in turn.inner_text()


def test_no_day_to_come_is_asked_about(tab):
    here = tab()
    here.go()
    assert here.page.get_attribute("[name=as_of]", "max") == datetime.now(UTC).date().isoformat()
    here.page.fill("[name=as_of]", "2999-01-01")
    here.page.fill("#question", LEAVE)
    here.page.press("#question", "Enter")
    assert here.page.evaluate("document.activeElement.name") == "as_of" and not here.page.locator("[data-turn]").count()
    assert here.page.input_value("#question") == LEAVE


def test_the_service_is_gone(tab):
    here = tab()
    here.go()
    here.page.route("**/ask", lambda route: route.abort())
    assert "No connection" in here.ask(LEAVE).inner_text()
    assert here.page.input_value("#question") == LEAVE  # nothing is lost


def test_without_scripts(tab):
    here = tab(scripts=False)
    here.go()
    here.page.fill("#question", LEAVE)
    here.page.click(".send")
    assert "27 days" in here.page.locator(".answer").inner_text()


def test_light_and_dark(tab):
    here = tab(theme="light")
    here.go()
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = here.page.evaluate(paper)
    here.page.get_by_role("button", name="Use dark colours").click()
    dark = here.page.evaluate(paper)
    here.page.reload()
    assert here.page.evaluate(paper) == dark != light


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_violation_of_wcag(tab, axe, theme, width):
    here, found = tab("ann", theme=theme, width=width), {}

    def check(name):
        # The whole page is in view: what the composer happens to lie over is no matter of the page.
        height = here.page.evaluate("document.documentElement.scrollHeight")
        here.page.set_viewport_size({"width": width, "height": max(844, height)})
        ours = not name.startswith("/items/")  # a document has the headings that it has
        options = {"runOnly": {"type": "tag", "values": WCAG}, "rules": {"heading-order": {"enabled": ours}}}
        result = here.page.evaluate("(options) => axe.run(document, options)", options)
        where = [(each["id"], node["html"][:200]) for each in result["violations"] for node in each["nodes"]]
        wide = here.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if where or wide > 0:
            found[name] = (where, wide)

    here.page.add_init_script(axe)
    for path in ("/", "/conversations", "/cases", "/insights", "/notices", "/evaluations"):  # with nothing to show yet
        here.go(path)
        check(f"new: {path}")
    here.go()
    for question in (LEAVE, "What is the mileage rate for a private car?", "What is the deposit for a locker?"):
        here.ask(question)
        here.page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        check(question)
    trace = here.page.locator("a[href^='/traces/']").last.get_attribute("href")
    for path in ("/items/handbook/leave.md?passage=Everyone+receives", trace, "/conversations", "/items/none"):
        here.go(path)
        check(path)
    if width < 500:
        here.go()
        here.page.click("#drawer > summary")
        check("drawer")
    here.page.context.clear_cookies()
    here.go()
    check("who")
    assert not found
