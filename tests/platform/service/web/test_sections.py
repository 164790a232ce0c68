"""Pages of other packages: in the menu of whom they are for, guarded like ours, and no danger to the rest."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from concord.service.web import sections

GUIDE = Path(__file__).parents[4] / "docs" / "extending.md"


@pytest.fixture
def installed(monkeypatch):
    """Have these entry points: `installed(hello="module:NAME")`."""

    def install(**named):
        found = [EntryPoint(name, value, sections.GROUP) for name, value in named.items()]
        monkeypatch.setattr(sections, "entry_points", lambda group: found if group == sections.GROUP else [])

    return install


@pytest.fixture
def guide(installed, monkeypatch, tmp_path):
    """The pages of the guide, installed."""
    text = GUIDE.read_text("utf-8")
    assert 'hello = "concord_hello_pages:SECTION"' in text
    code = text.split("`concord_hello_pages.py`:\n\n```python\n")[1].split("```")[0]
    page = text.split("`hello_templates/first.html`:\n\n```html\n")[1].split("```")[0]
    (tmp_path / "concord_hello_pages.py").write_text(code)
    (tmp_path / "hello_templates").mkdir()
    (tmp_path / "hello_templates" / "first.html").write_text(page)
    monkeypatch.syspath_prepend(tmp_path)
    installed(hello="concord_hello_pages:SECTION")
    return tmp_path


def page(client, who, path):
    return client.get(path, headers={"X-Concord-User": who, "Accept": "text/html"})


def test_the_pages_of_the_guide_work(guide, client):
    shown = page(client, "pat", "/hello")
    assert shown.status_code == 200 and "You may read 3 items." in shown.text
    assert '<a href="/hello" aria-current="page">Hello</a>' in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert '<a href="/hello">Hello</a>' in page(client, "pat", "/").text


def test_nobody_is_offered_or_shown_what_no_policy_permits(guide, house, serve):
    house.workspace.write(
        "policies/mine.cedar",
        '@id("all") permit (principal, action in [Action::"ask", Action::"read_items"], resource);\n'
        '@id("not-pat") forbid (principal == User::"pat", action == Action::"read_items", resource);\n',
    )
    house.apply()
    house.close()
    client = serve(house.workspace)
    assert "/hello" not in page(client, "pat", "/").text
    assert page(client, "pat", "/hello").status_code == 403
    assert "/hello" in page(client, "ann", "/").text


def test_files_of_pages_have_a_place_of_their_own(guide, installed, house, serve):
    (guide / "files").mkdir()
    (guide / "files" / "hello.css").write_text("h1 { color: red }\n")
    code = (guide / "concord_hello_pages.py").read_text()
    (guide / "concord_styled_pages.py").write_text(
        code.replace('"hello_templates"))', '"hello_templates"), Path(__file__).with_name("files"))')
    )
    (guide / "hello_templates" / "first.html").write_text("{{ asset('hello/hello.css') }}")
    installed(hello="concord_styled_pages:SECTION")
    house.close()
    client = serve(house.workspace)
    address = page(client, "pat", "/hello").text
    assert address.startswith("/static/hello/hello.css?v=")
    assert client.get(address).text == "h1 { color: red }\n"


@pytest.mark.parametrize("value", ["no_such_module:SECTION", "json:loads"])
def test_pages_that_cannot_be_loaded_are_left_out_and_logged(installed, caplog, value):
    installed(gone=value)
    assert sections.sections() == []
    assert "pages gone" in caplog.text and "left out" in caplog.text
