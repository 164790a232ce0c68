"""The past is read by whom both its own wording and the item of now let, for every way of asking."""

LEAVE = "handbook/leave.md"


def asked(past, who):
    """Everything that a person can see of 2021, by every command."""
    commands = (
        ("ask", "How many days of annual leave are there?", "--as-of", "2021-01-01", "--json"),
        ("search", "annual leave", "--as-of", "2021-01-01", "--json"),
        ("item", f"{LEAVE}@1", "--text"),
        ("item", LEAVE, "--history"),
    )
    return [past.workspace.run(*command, "--as", who) for command in commands]


def test_a_revocation_today_hides_the_past(past):
    assert past.says("2021-01-01", who="fay")
    past.workspace.replace("sources/handbook.yaml", '["group:staff"]', '["group:people-leads"]')
    past.apply()
    assert past.sync()[1] == 0
    assert past.says("2021-01-01", who="fay") == set() and past.says("2021-01-01", who="ann")
    assert past.revisions(who="fay") == [] and len(past.revisions(who="ann")) == 3
    past.close()
    for done in asked(past, "fay"):
        assert "25 days" not in done.everything and "leave.md@1:" not in done.out


def test_the_present_access_decides_even_before_the_index_follows(past):
    past.workspace.replace("sources/handbook.yaml", '["group:staff"]', '["group:people-leads"]')
    past.apply()
    for source in past.concord.foundation.sources.values():
        past.concord.sync(source).run()
    assert past.says("2021-01-01", who="pat") == set()


def test_what_is_quarantined_has_no_past_until_it_is_mended(past):
    past.repository.commit("2024-06-01", {"leave.md": "\n"})
    past.sync()
    assert past.says("2021-01-01") == set() and past.revisions() == []
    past.repository.commit("2024-07-01", {"leave.md": past.page(28)})
    past.sync()
    assert past.says("2021-01-01") == {f"{LEAVE}@1: Everyone receives 25 days"}
    assert past.says("2024-07-01") == {f"{LEAVE}@4: Everyone receives 28 days"}


def test_a_deleted_page_is_read_by_whom_the_mapping_in_force_lets(past):
    past.repository.commit("2024-06-01", {"leave.md": None, "other.md": "# Other\n\nAnother page.\n"})
    past.sync()
    assert past.says("2021-01-01", who="fay") and LEAVE not in past.search("annual leave", "fay")
    past.workspace.replace("sources/handbook.yaml", '["group:staff"]', '["group:people-leads"]')
    past.apply()
    past.sync()
    assert past.says("2021-01-01", who="fay") == set() and past.says("2021-01-01", who="ann")


def test_a_page_that_moved_where_few_may_read_takes_its_past_along(past):
    pages = past.declared.replace("git", "files").replace(
        "repository: repository, history: true", "path: content/pages"
    )
    past.workspace.write("sources/pages.yaml", pages)
    page = past.workspace.write("content/pages/fee.md", "---\nmodified: 2021-01-01\n---\n# Fee\n\nThe fee is 10.\n")
    past.workspace.write("content/pages/stays.md", "# Stays\n\nThis page stays.\n")
    past.apply()
    past.sync()
    assert any("fee" in each for each in past.says("2022-01-01", "What is the fee?"))
    (page.parent / "restricted").mkdir()
    page.rename(page.parent / "restricted/fee.md")
    past.sync()
    assert not any("fee" in each for each in past.says("2022-01-01", "What is the fee?"))
    assert any("fee" in each for each in past.says("2022-01-01", "What is the fee?", who="ann"))
    assert past.revisions("pages/fee.md") == [] and past.revisions("pages/fee.md", who="ann")


def test_a_dropped_source_has_no_past(past):
    past.workspace.remove("sources/handbook.yaml")
    past.apply()
    past.sync()
    assert past.says("2021-01-01", who="ann") == set()
    assert past.concord.index.count() == 0


QUESTION = "What bonus does the director receive?"


def opened_later(past, readers):
    """A page with a secret for people-leads, and then without it for more `readers`."""
    declared = past.declared.replace('readers: {const: ["group:staff"]}', "readers: {path: metadata.readers}")
    assert declared != past.declared
    past.workspace.write("sources/handbook.yaml", declared)
    page = "---\nreaders: {}\n---\n# Bonus\n\n{}\n"
    secret = page.format(["group:people-leads"], "The director receives a bonus: 90000 euros.")
    past.repository.commit("2024-06-01", {"bonus.md": secret})
    past.repository.commit("2024-09-01", {"bonus.md": page.format(readers, "The bonus is paid in March.")})
    past.apply()
    past.sync()


def test_a_page_that_was_opened_does_not_open_what_stood_there_before(past):
    opened_later(past, ["group:people-leads", "group:staff"])
    assert any("90000" in each for each in past.says("2024-07-01", QUESTION, who="ann"))
    assert not any("90000" in each for each in past.says("2024-07-01", QUESTION, who="fay"))
    assert [number for number, _, _ in past.revisions("handbook/bonus.md", who="fay")] == [2]
    assert [number for number, _, _ in past.revisions("handbook/bonus.md", who="ann")] == [1, 2]
    past.close()
    for command in (
        ("ask", QUESTION, "--as-of", "2024-07-01", "--json"),
        ("search", QUESTION, "--as-of", "2024-07-01", "--json"),
        ("item", "handbook/bonus.md@1", "--text"),
        ("item", "handbook/bonus.md", "--history"),
    ):
        assert "90000" not in past.workspace.run(*command, "--as", "fay").everything


def test_what_no_reader_has_in_common_is_found_by_nobody_and_shown_to_who_holds_both(past):
    opened_later(past, ["group:staff"])
    for who in ("ann", "fay"):
        assert not any("90000" in each for each in past.says("2024-07-01", QUESTION, who=who))
    assert [number for number, _, _ in past.revisions("handbook/bonus.md", who="ann")] == [1, 2]
