"""Workspaces with a policy, a wiki below it and a closed source, whose documents a test writes itself."""

from collections.abc import Callable, Iterator

import pytest

SOURCE = """\
title: {title}
connector: files
options: {{path: content/{name}}}
mapping:
  fields:
    status: {{path: metadata.status, default: approved}}
    modified: {{path: metadata.modified, date: true}}
    valid_until: {{path: metadata.valid_until, date: true}}
    replaces: {{path: metadata.replaces}}
    publisher: {{const: People}}
    authority_tier: {{const: {tier}}}
    readers: {{const: ["{readers}"]}}
"""
SOURCES = {
    "policies": ("Policies", "policy", "group:staff"),
    "wiki": ("Wiki", "guidance", "group:staff"),
    "closed": ("Closed", "regulation", "group:people-leads"),
}


@pytest.fixture
def answering(make_workspace, at_work) -> Callable:
    """A synced workspace with these documents: `answering({"wiki/leave.md": "# Leave …"})`."""

    def make(documents: dict[str, str]):
        workspace = make_workspace(
            {
                "sources/people-handbook.yaml": None,
                "sources/finance-policies.yaml": None,
                "authority.yaml": "contested_after_days: 365\n",
                "ownership.yaml": "rules:\n  - match: {}\n    owner: user:ann\n",
                "usecases/ask-people.yaml": None,
                **{
                    f"sources/{name}.yaml": SOURCE.format(name=name, title=title, tier=tier, readers=readers)
                    for name, (title, tier, readers) in SOURCES.items()
                },
                **{f"content/{path}": text for path, text in documents.items()},
            }
        )
        for name in SOURCES:
            (workspace.folder / "content" / name).mkdir(parents=True, exist_ok=True)
        house = at_work(workspace)
        house.apply()
        outcome, _ = house.sync()
        assert not outcome.failed, outcome
        return house

    return make


@pytest.fixture
def model(standing_in, monkeypatch) -> Iterator:
    """A stand-in for a model, which the settings name."""
    with standing_in() as stand_in:
        monkeypatch.setenv("CONCORD_ANSWER__LLM__BASE_URL", stand_in.url)
        monkeypatch.setenv("CONCORD_ANSWER__LLM__MODEL", "stand-in")
        monkeypatch.setenv("CONCORD_ANSWER__LLM__TIMEOUT_SECONDS", "10")
        monkeypatch.setenv("CONCORD_ANSWER__MIN_CONFIDENCE", "0")
        yield stand_in
