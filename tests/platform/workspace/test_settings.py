"""Settings: defaults, the file, the environment above it, and problems that name the place."""

import stat

import pytest

from concord.workspace import FileProblem, read_settings, state_folder
from concord_taxonomy.standard import STANDARD_VERSION


def test_every_setting_has_a_default(workspace):
    workspace.write("concord.yaml", "")
    settings = read_settings(workspace.folder)
    assert (settings.auth, settings.standard, settings.catalog.url) == ("development", STANDARD_VERSION, None)
    assert settings.embedding.runtime == "onnx" and settings.traces.retention_days == 90


def test_the_environment_wins_over_the_file(workspace, monkeypatch):
    workspace.write("concord.yaml", "name: File\nanswer: {max_citations: 2, max_sentences: 2}\n")
    monkeypatch.setenv("CONCORD_NAME", "Environment")
    monkeypatch.setenv("CONCORD_ANSWER__MAX_CITATIONS", "7")
    monkeypatch.setenv("CONCORD_CATALOG__URL", "sqlite:////data/catalog.db")
    settings = read_settings(workspace.folder)
    assert settings.name == "Environment" and settings.catalog.url == "sqlite:////data/catalog.db"
    assert (settings.answer.max_citations, settings.answer.max_sentences) == (7, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nmae: x", "concord.yaml: nmae: there is no such key"),
        ("answer: {min_confidence: 2}", "concord.yaml: answer.min_confidence: "),
        ("auth: none", "concord.yaml: auth: "),
        ("chunking: [1]", "concord.yaml: chunking: "),
        ("embedding: {runtime: fast}", "concord.yaml: embedding.runtime: "),
        (
            "standard: 1.0",
            "concord.yaml: standard: must be a text, and YAML reads this as something else: put it in quotes",
        ),
        ("name: 2026-01-01", "concord.yaml: name: must be a text, and YAML reads this as something else"),
        ("name: no", "concord.yaml: name: must be a text, and YAML reads this as something else"),
        ("a: [", "concord.yaml: line 1: "),
    ],
)
def test_what_is_wrong_is_told_with_its_place_on_one_line(workspace, text, told):
    workspace.write("concord.yaml", text)
    with pytest.raises(FileProblem) as caught:
        read_settings(workspace.folder)
    assert str(caught.value).startswith(told)
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and done.err.count("\n") == 1 and told in done.err


def test_the_environment_is_checked_too(workspace, monkeypatch):
    monkeypatch.setenv("CONCORD_CHUNKING__MAX_TOKENS", "many")
    with pytest.raises(FileProblem, match=r"environment: CONCORD_CHUNKING__MAX_TOKENS: .*integer"):
        read_settings(workspace.folder)
    monkeypatch.setenv("CONCORD_CHUNKING", "many")
    with pytest.raises(FileProblem, match=r"environment: .* must be JSON"):
        read_settings(workspace.folder)


def test_the_state_is_its_owners_alone(workspace):
    mode = stat.S_IMODE(state_folder(workspace.folder).stat().st_mode)
    assert mode == 0o700
    state_folder(workspace.folder)


def test_an_empty_variable_says_nothing(workspace, monkeypatch):
    workspace.write("concord.yaml", "catalog: {url: 'sqlite:////some/where.db'}\n")
    monkeypatch.setenv("CONCORD_CATALOG__URL", "")
    assert read_settings(workspace.folder).catalog.url == "sqlite:////some/where.db"
