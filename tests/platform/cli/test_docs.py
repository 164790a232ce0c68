"""What the guide says of commands and settings is what they are."""

from pathlib import Path

from concord.cli.reference import reference
from concord.workspace import Settings

DOCS = Path(__file__).parents[3] / "docs"


def fields(model, prefix=""):
    for name, field in model.model_fields.items():
        if hasattr(field.annotation, "model_fields"):
            yield from fields(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def test_the_command_reference_is_up_to_date():
    written = (DOCS / "cli.md").read_text("utf-8")
    assert written == reference(), "run `python -m concord.cli.reference > docs/cli.md`"


def test_every_setting_is_in_the_guide():
    lines = (DOCS / "settings.md").read_text("utf-8").splitlines()
    expected = [
        f"| `{name}` | {'none' if field.default is None else f'`{field.default}`'} | {field.description} |"
        for name, field in fields(Settings)
    ]
    assert expected
    assert [line for line in expected if line not in lines] == []
    assert [
        line for line in lines if line.startswith("| `") and "." in line.split("`")[1] and line not in expected
    ] == []
