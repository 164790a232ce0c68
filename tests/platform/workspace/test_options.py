"""Options that a connector does not take, or needs, are told with the names of those that there are."""

import pytest

GIT = (
    "repository (needed), revision, include, exclude, subdirectory, url_template, max_bytes, batch_size, allow_empty, "
    "history, history_since\n"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "connector: git\noptions: {path: content}\n",
            f"options.path: there is no such option; those of the connector git: {GIT}",
        ),
        ("connector: git\noptions: {repository: ., cache: x}\n", "options.cache: there is no such option"),
        ("connector: files\noptions: {path: content, base: /}\n", "options.base: there is no such option"),
        ("connector: files\n", "options.path: the connector files needs this option"),
    ],
)
def test_a_wrong_option_is_told_with_the_right_ones(workspace, text, told):
    workspace.write("sources/finance-policies.yaml", text)
    for command in (["apply"], ["mapping", "test", "finance-policies", "--as", "fay"]):
        done = workspace.run(*command)
        assert done.code == 2 and f"sources/finance-policies.yaml: {told}" in done.err
        assert "unexpected keyword" not in done.err and "keyword-only" not in done.err
