"""The frame: one line for what a person has to mend, nothing heavy at the start, plug-ins."""

import subprocess
import sys
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from concord.cli import main
from concord.cli.errors import EXPECTED, is_expected, one_line
from concord.cli.main import COMMANDS, run


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from concord.cli.main import run; run(['--help']); "
        "print(*sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    heavy = {"pydantic", "sqlalchemy", "numpy", "torch", "llama_index", "onnxruntime", "yaml", "alembic", "dbos"}
    assert not loaded & heavy
    assert all(command in done.stdout for command in COMMANDS)


def test_without_a_command_the_help_is_shown(capsys):
    assert run([]) == 2
    assert "Usage: concord" in "".join(capsys.readouterr())


def test_the_version_is_printed(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip()[0].isdigit()


@pytest.mark.parametrize("arguments", [["nope"], ["--nope"], ["item"], ["mapping", "test", "x", "--sample", "many"]])
def test_a_wrong_command_line_is_told_on_one_line(capsys, arguments):
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert not out and err.startswith("concord: ") and "--help" in err and err.count("\n") == 1


def test_every_tree_of_errors_is_mapped():
    for name in EXPECTED:
        module, _, kind = name.rpartition(".")
        error = getattr(import_module(module), kind)
        assert is_expected(error.__new__(error)), name
        assert error.__mro__[1] is Exception or "sqlalchemy" in name


def test_every_error_of_our_packages_belongs_to_a_mapped_tree():
    for name in EXPECTED - {"sqlalchemy.exc.SQLAlchemyError"}:
        module = import_module(name.rpartition(".")[0])
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, Exception) and each.__module__ == module.__name__:
                assert is_expected(each.__new__(each)), each


def test_errors_become_one_line(workspace):
    workspace.write("concord.yaml", "embedding: [\n")
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and not done.out
    assert done.err.startswith("concord: concord.yaml: line ") and done.err.count("\n") == 1
    assert one_line(ValueError("one\n  two\n\n")) == "one; two"
    assert one_line(ValueError()) == "ValueError"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff", "not UTF-8"),
        (b"answer: {max: 1}", "answer.max: there is no such key"),
        (b"answer: {max_citations: 0}", "answer.max_citations: "),
        (b"- a", "must be a mapping"),
    ],
)
def test_wrong_settings_are_told_with_their_place(workspace, content, told):
    (workspace.folder / "concord.yaml").write_bytes(content)
    done = workspace.run("apply")
    assert done.code == 2 and not done.out
    assert done.err.startswith("concord: concord.yaml: ") and told in done.err and done.err.count("\n") == 1


def test_a_file_that_is_a_broken_link_is_told_of(workspace):
    (workspace.folder / "sources" / "lost.yaml").symlink_to("nowhere.yaml")
    done = workspace.run("apply")
    assert done.code == 2 and "sources/lost.yaml" in done.err


def test_a_database_that_is_not_there_is_no_traceback(workspace):
    workspace.write("concord.yaml", "catalog: {url: 'sqlite:////no/such/folder/catalog.db'}\n")
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and "no file can be opened at" in done.err and done.err.count("\n") == 1


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch):
    def broken(**_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(main, "command", lambda: broken)
    with pytest.raises(ZeroDivisionError):
        run([])


def test_an_interruption_is_130(monkeypatch):
    def interrupted(**_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "command", lambda: interrupted)
    assert run([]) == 130


def test_an_interruption_inside_a_command_is_130(monkeypatch, workspace):
    from concord.bootstrap import Concord

    def interrupted(_folder):
        raise KeyboardInterrupt

    monkeypatch.setattr(Concord, "open", interrupted)
    assert workspace.run("status", "--as", "ann").code == 130


def test_a_reader_who_has_had_enough_is_no_error(workspace):
    command = f"{sys.executable} -m concord.cli.main mapping schema | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "{\n" and not done.stderr


def test_the_workspace_is_the_nearest_folder_upward(synced, monkeypatch, capsys):
    monkeypatch.chdir(synced.folder / "content" / "people")
    assert run(["status", "--as", "ann"]) == 0
    monkeypatch.chdir("/")
    assert run(["status", "--as", "ann"]) == 2
    assert "no concord.yaml in /" in capsys.readouterr().err
    monkeypatch.setenv("CONCORD_WORKSPACE", str(synced.folder))
    assert run(["status", "--as", "ann"]) == 0


def test_who_asks_may_stand_in_the_environment(synced, monkeypatch):
    missing = synced.run("status")
    assert missing.code == 2 and "--as" in missing.err and "CONCORD_AS" in missing.err
    monkeypatch.setenv("CONCORD_AS", "ann")
    assert "Ann Lee" in synced.run("status").out
    assert "Pat Moss" in synced.run("status", "--as", "pat").out


def test_personas_exist_in_development_workspaces_only(synced_copy):
    synced_copy.write("concord.yaml", "auth: oidc\nembedding: {runtime: hashing}\n")
    for command in (["status"], ["item", "people-handbook/leave.md"], ["mapping", "test", "people-handbook"]):
        done = synced_copy.run(*command, "--as", "ann")
        assert done.code == 2 and not done.out and "auth: development" in done.err


def test_nothing_is_read_before_anything_is_applied(workspace):
    done = workspace.run("status", "--as", "ann")
    assert done.code == 2 and "run `concord apply`" in done.err


def plugins(monkeypatch, **named):
    found = [EntryPoint(name, value, main.PLUGINS) for name, value in named.items()]
    monkeypatch.setattr(main, "entry_points", lambda group: found if group == main.PLUGINS else [])
    monkeypatch.setattr(main, "command", main.command.__wrapped__)  # which is kept as it was first built


def test_a_broken_plugin_leaves_the_others(monkeypatch, capsys, synced):
    plugins(monkeypatch, gone="no_such_module:register", shape="json:loads")
    assert run(["--help"]) == 0
    err = capsys.readouterr().err
    assert "plug-in gone (no_such_module:register) is left out" in err and "plug-in shape" in err


def test_the_plugin_of_the_guide_works(monkeypatch, capsys, tmp_path, synced):
    text = (Path(__file__).parents[3] / "docs" / "extending.md").read_text("utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    (tmp_path / "concord_hello.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    assert 'hello = "concord_hello:register"' in text
    plugins(monkeypatch, hello="concord_hello:register")
    assert run(["--workspace", str(synced.folder), "hello", "--as", "pat"]) == 0
    assert "Pat Moss may read 3 items" in capsys.readouterr().out
