"""A real server and a real Chromium, once for the tests of a file: they are skipped where there is no Chromium."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import uvicorn

from concord.bootstrap import Concord
from concord.cli.main import run
from concord.index import open_index
from concord.service import create_app

HERE = Path(__file__).parent
REQUIRED = "CONCORD_TEST_BROWSER"
"""Set to `required`, the tests fail where there is no Chromium."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

FILES = {
    "concord.yaml": "name: Harbour\nembedding: {runtime: hashing}\n",
    "ownership.yaml": "rules:\n  - match: {source: handbook}\n    owner: user:ann\n"
    "  - match: {source: wiki}\n    owner: user:ann\n",
    "principals.yaml": """\
users:
  - {id: ann, name: Ann Lee, department: People, groups: [staff, leads]}
  - {id: pat, name: Pat Moss, department: People, groups: [staff]}
  - {id: carl, name: Carl Ray, department: Contractors}
groups:
  - {id: staff, name: Staff}
  - {id: leads, name: Leads}
""",
    "authority.yaml": "contested_after_days: 365\n",
    "taxonomy/shared.ttl": """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix h: <https://harbour.example/id/> .
h:scheme a skos:ConceptScheme ; skos:prefLabel "Harbour"@en .
h:leave a skos:Concept ; skos:prefLabel "annual leave"@en ; skos:altLabel "holiday"@en ; skos:inScheme h:scheme .
h:mileage a skos:Concept ; skos:prefLabel "mileage"@en ; skos:inScheme h:scheme .
""",
    "usecases/ask-people.yaml": "title: Ask People\ndescription: Leave and pay.\naudience: [group:staff]\n"
    "examples: ['How many days of annual leave does everyone receive?']\n",
    "sources/handbook.yaml": """\
title: People handbook
connector: files
options: {path: handbook}
mapping:
  fields:
    modified: {path: metadata.modified, date: true}
    publisher: {const: People}
    authority_tier: {const: policy}
    readers: {const: ["group:staff"]}
  rules:
    - match: {path: "closed/**"}
      set: {readers: ["group:leads"]}
""",
    "sources/wiki.yaml": """\
title: Team wiki
connector: files
options: {path: wiki}
mapping:
  fields:
    modified: {path: metadata.modified, date: true}
    publisher: {const: Engineering}
    authority_tier: {const: guidance}
    readers: {const: ["group:staff"]}
""",
    "handbook/leave.md": "---\nmodified: 2026-01-12\n---\n# Annual leave\n\nThe year runs from January.\n\n"
    "## How much\n\nEveryone receives **27 days** of annual leave a year. Ask two weeks before a holiday begins.\n\n"
    "| Joined | Days |\n|---|---|\n| In July | 13 |\n\n![A pixel](https://elsewhere.example/pixel.png)\n\n"
    "<script>window.harmed = true</script> [Run](javascript:alert(1)) [Out](https://elsewhere.example/)\n",
    "wiki/leave.md": "---\nmodified: 2024-02-01\n---\n# Leave in our team\n\n"
    "Everyone receives 25 days of annual leave a year.\n",
    "handbook/mileage.md": "---\nmodified: 2022-02-01\n---\n# Mileage\n\n"
    "The mileage rate for a private car is £0.45 a mile.\n",
    "wiki/mileage.md": "---\nmodified: 2026-02-01\n---\n# Driving to the yard\n\n"
    "The mileage rate for a private car is £0.52 a mile.\n",
    "handbook/deposit.md": "---\nmodified: 2025-02-01\n---\n# Deposit for a locker\n\n"
    "The deposit for a locker is 20 pounds.\n",
    "handbook/locker.md": "---\nmodified: 2025-02-01\n---\n# Lockers\n\nThe deposit for a locker is 30 pounds.\n",
    "handbook/closed/zanzibar.md": "# Project Zanzibar\n\nThe Zanzibar office closes in June.\n",
}


@dataclass(frozen=True)
class Site:
    """A served workspace."""

    url: str
    app: Any
    folder: Path
    concord: Concord


@contextmanager
def served(files: dict[str, str]) -> Iterator[Site]:
    """Serve a workspace of these files."""
    shared = Path("/dev/shm")
    base = shared if os.access(shared, os.W_OK) else None
    with TemporaryDirectory(prefix="concord-chat-", dir=base) as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")  # the stand-in for a model knows nothing of meaning
        patched.setenv("CONCORD_SERVICE__REQUESTS_PER_MINUTE", "100000")
        for path, text in files.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        assert run(["--workspace", folder, "apply"]) == 0
        concord = Concord.open(Path(folder))
        concord.index_folder.mkdir(parents=True, exist_ok=True)
        vars(concord)["index"] = open_index(concord.index_folder, concord.encoder.dimension, shared=False)
        assert not concord.sync_sources(concord.foundation.sources.values()).failed
        app = create_app(concord)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Site(f"http://127.0.0.1:{port}", app, Path(folder), concord)
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def changed() -> dict[str, str]:
    """What a module's workspace has in place of `FILES`, or beside them."""
    return {}


@pytest.fixture(scope="module")
def site(changed: dict[str, str]) -> Iterator[Site]:
    with served(FILES | changed) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if os.environ.get(REQUIRED) == "required":
            pytest.fail("no Chromium here: install Debian's package chromium")
        pytest.skip("no Chromium here: install Debian's package chromium to run the tests in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Tab:
    """A browser's page, and what a person does in it."""

    page: Any
    url: str

    def go(self, path: str = "/") -> None:
        """Open one of the site's pages."""
        self.page.goto(self.url + path)

    def ask(self, question: str) -> Any:
        """Type a question, send it with Enter, and wait for the answer; returns its part of the page."""
        before = self.page.locator("[data-turn]").count()
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        turn = self.page.locator("[data-turn]").nth(before)
        turn.locator("xpath=self::*[not(@aria-busy)]").wait_for()
        return turn


@pytest.fixture
def tab(chromium: Any, site: Site) -> Iterator[Callable[..., Tab]]:
    """Open the site as a person: `tab("pat")`; `theme`, `width` and `scripts` may be chosen.

    When the test ends, nothing may have been asked of another host, and no page may have broken its own rules.
    """
    contexts, asked, broken = [], [], []

    def open_(who: str | None = "pat", theme: str = "light", width: int = 1280, scripts: bool = True) -> Tab:
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=theme, java_script_enabled=scripts
        )
        contexts.append(context)
        if who:
            context.add_cookies([{"name": "concord_persona", "value": who, "url": site.url}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda told: broken.append(told.text) if "Content Security Policy" in told.text else None)
        return Tab(page, site.url)

    yield open_
    for context in contexts:
        context.close()
    assert not [url for url in asked if not url.startswith((site.url, "data:"))]
    assert not broken


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's source, for a page to run."""
    return (HERE / "vendor" / "axe-core-4.14.1.min.js").read_text("utf-8")
