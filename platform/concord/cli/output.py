"""What commands print: JSON and tables on stdout, notes and progress on stderr.

Titles, paths and messages come from documents: they pass through `clean`, and never through Rich's markup.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# Control characters could drive the terminal, and bidirectional ones make a line read as another.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: object) -> str:
    """`text` without what would drive a terminal; line ends and tabs stay."""
    return _HARMFUL.sub("\ufffd", str(text))


def on_terminal() -> bool:
    """Whether what is printed goes to a terminal."""
    return sys.stdout.isatty()


def print_json(data: Any) -> None:
    """Print JSON values; dates and other scalars as their text."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")


def say(*lines: object) -> None:
    """Print plain lines."""
    for line in lines:
        sys.stdout.write(clean(line) + "\n")


def note(line: object) -> None:
    """Print a line beside the result: a hint, a warning, an error."""
    sys.stderr.write(clean(line) + "\n")


def console(*, stderr: bool = False) -> Console:
    """A Rich console that takes text as it is: no markup, no guessed highlights, no emoji codes."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table; add its rows with `row`."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=Text(clean(title)) if title else None, title_justify="left")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def row(into: Table, *cells: object) -> None:
    """Add a row of plain texts; None is left empty."""
    from rich.text import Text

    into.add_row(*(Text("" if cell is None else clean(cell)) for cell in cells))
