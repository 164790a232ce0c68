"""Which pages no answer should stand on: what replaces one is in effect, and its readers may read that."""

from datetime import UTC, datetime

from concord.catalog.engine import reading
from concord.catalog.items import links


def page(stated="", text="A page."):
    return f"---\nmodified: 2026-03-01\n{stated}---\n# Page\n\n{text}\n"


def outdated(house, *names):
    dating = house.concord.desk.dating(datetime.now(UTC).date())
    with reading(house.concord.engine) as connection:
        return {key: each.by for key, each in dating.outdated(connection, names).items()}


def test_only_what_took_effect_and_all_readers_may_read_makes_a_page_outdated(house):
    mapping = "    replaces: {path: metadata.replaces}\n    valid_from: {path: metadata.valid_from, date: true}\n"
    house.workspace.replace("sources/people-handbook.yaml", "    replaces: {path: metadata.replaces}\n", mapping)
    house.workspace.replace("sources/finance-policies.yaml", "  fields:\n", f"  fields:\n{mapping}")
    house.workspace.replace("sources/finance-policies.yaml", '["group:finance"]', "[everyone]")
    house.workspace.write("content/finance/all.md", page())
    house.workspace.write("content/finance/all-new.md", page("replaces: all.md\n"))
    by = {
        "open": ("people/open-new.md", page("replaces: open.md\n")),
        "told": ("people/restricted/told.md", page("replaces: told.md\n")),  # to leads alone
        "said": ("finance/said.md", page("replaces: people-handbook/said.md\n")),  # another owner's word
        "soon": ("people/soon-new.md", page("replaces: soon.md\nvalid_from: 2126-01-01\n")),
    }
    for name, (path, text) in by.items():
        house.workspace.write(f"content/people/{name}.md", page())
        house.workspace.write(f"content/{path}", text)
    for one, other in (("a", "b"), ("b", "c"), ("c", "a")):
        house.workspace.write(f"content/people/ring-{one}.md", page(f"replaces: ring-{other}.md\n"))
    house.workspace.write("content/people/restricted/few.md", page())
    house.workspace.write("content/people/many.md", page("replaces: restricted/few.md\n"))
    house.workspace.write("content/people/restricted/mid.md", page("replaces: open-new.md\n"))
    house.apply()
    house.sync()
    names = ["finance-policies/all.md"]
    names += [f"people-handbook/{each}.md" for each in (*by, "ring-a", "ring-b", "restricted/few", "open-new")]
    with reading(house.concord.engine) as connection:
        assert {each.predecessor for each in links(connection, names)} == {*names, "people-handbook/ring-c.md"}
    assert outdated(house, *names) == {
        "finance-policies/all.md": "finance-policies/all-new.md",
        "people-handbook/open.md": "people-handbook/open-new.md",
        "people-handbook/restricted/few.md": "people-handbook/many.md",
    }
