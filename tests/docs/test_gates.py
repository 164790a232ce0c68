"""The examples of docs/gates.md run, and print what they say."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "gates.md"


def test_the_python_example_prints_what_it_says(capsys):
    [example] = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    exec(compile(example, str(PAGE), "exec"), {})
    assert capsys.readouterr().out.strip() == example.rpartition("# ")[2].strip()
