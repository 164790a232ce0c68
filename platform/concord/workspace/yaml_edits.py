"""Edits of YAML files by their text, so that comments, order and layout stay as people wrote them.

An edit is read again and compared: it says one thing more than the file did, or it is not made.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import yaml

from concord.workspace.errors import FileProblem
from concord.workspace.yaml import read_yaml

Place = Sequence[str | int]
"""From the root of a file to a list: keys of mappings, and numbers of entries of lists."""
_STEP = 2
_WIDTH = 1_000_000
"""Columns of what is written: nothing is folded."""


class CannotEdit(FileProblem):
    """The file is written in a way that leaves no safe edit of its text."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, f"{problem}: change the file by hand, and `concord apply` it")


def insert(path: str, text: str, place: Place, entry: Any) -> str:
    """The text of the YAML file `path` with one entry more at the end of the list at `place`.

    Missing keys on the way are made. Raises `FileProblem`, and `CannotEdit` for a file with anchors or aliases, and for
    any whose text cannot be edited so that nothing else changes.
    """
    wanted = copy.deepcopy(read_yaml(path, text))
    held = _list_at(path, wanted, place)
    held.append(entry)
    return _checked(path, _inserted(path, text, place, entry), wanted)


def replace(path: str, text: str, place: Place, values: Sequence[str]) -> str:
    """The text of the YAML file `path` with other values in the list at `place`, which is there; raises as `insert`."""
    wanted = copy.deepcopy(read_yaml(path, text))
    held = _list_at(path, wanted, place)
    held[:] = list(values)
    node = _node(path, text)
    for step in place:
        node = _child(node, step)
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise CannotEdit(path, f"{_shown(place)} is no list that can be written over")
    start, end = node.start_mark.index, _end(node)
    written = _flow(list(values)) if node.flow_style or not values else _listed(values, node.start_mark.column)
    return _checked(path, text[:start] + written + text[end:], wanted)


def _list_at(path: str, data: dict[str, Any], place: Place) -> list[Any]:
    """The list at a place of parsed YAML, made where it is missing."""
    held: Any = data
    for number, step in enumerate(place):
        last = number == len(place) - 1
        if isinstance(step, int):
            held = held[step]
            continue
        if not isinstance(held, dict):
            raise CannotEdit(path, f"{_shown(place[:number])} is no mapping")
        if held.get(step) is None:
            held[step] = [] if last else {}
        held = held[step]
    if not isinstance(held, list):
        raise CannotEdit(path, f"{_shown(place)} is no list")
    return held


def _inserted(path: str, text: str, place: Place, entry: Any) -> str:
    node = _node(path, text)
    if node is None or _is_null(node):
        return _after_line(text, len(text), _lines(place, entry, 0))
    for number, step in enumerate(place):
        child = _child(node, step)
        if child is None or _is_null(child):
            return _with_key(path, text, node, place[number:], child, entry)
        node = child
    assert isinstance(node, yaml.SequenceNode)  # noqa: S101 - `_list_at` has read it
    if node.flow_style:
        return _into_flow(text, node, _flow(entry))
    return _after_line(text, _end(node), _lines((), entry, node.start_mark.column))


def _with_key(path: str, text: str, parent: yaml.Node, rest: Place, empty: yaml.Node | None, entry: Any) -> str:
    """A mapping with one key more, or with something in place of an `empty` value."""
    assert isinstance(parent, yaml.MappingNode)  # noqa: S101 - `_list_at` has read it
    if parent.flow_style:
        if empty is not None:
            raise CannotEdit(path, f"{rest[0]} is empty")
        return _into_flow(text, parent, _flow(_nested(rest, entry))[1:-1])
    column = parent.start_mark.column
    if empty is None:
        return _after_line(text, _end(parent), _lines(rest, entry, column))
    start, end = empty.start_mark.index, empty.end_mark.index
    return _after_line(text[:start] + text[end:], start, _lines(rest[1:], entry, column + _STEP))


def _into_flow(text: str, node: yaml.CollectionNode, written: str) -> str:
    """A list or mapping in brackets with something more before the closing one."""
    if not node.value:
        return _spliced(text, node.start_mark.index + 1, written)
    last = node.value[-1]
    return _spliced(text, _end(last[1] if isinstance(last, tuple) else last), f", {written}")


def _after_line(text: str, index: int, lines: str) -> str:
    """Lines after the one that holds `index`, or ends right before it."""
    whole = text if not text or text.endswith("\n") else f"{text}\n"
    if index and whole[index - 1 : index] == "\n":
        return _spliced(whole, index, lines)
    return _spliced(whole, whole.index("\n", index) + 1 if index < len(whole) else len(whole), lines)


def _spliced(text: str, index: int, more: str) -> str:
    return text[:index] + more + text[index:]


def _node(path: str, text: str) -> yaml.Node | None:
    """The nodes of a file; raises `CannotEdit` where one stands for another."""
    for token in yaml.scan(text, yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            line = token.start_mark.line + 1
            raise CannotEdit(
                path, f"line {line} has an anchor or an alias, by which an edit may mean more than it says"
            )
    return yaml.compose(text, yaml.SafeLoader)


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(step, int):
        return node.value[step] if isinstance(node, yaml.SequenceNode) else None
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if isinstance(key, yaml.ScalarNode) and key.value == step), None)


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


def _end(node: yaml.Node) -> int:
    """Where what a node says ends: that of a block reaches over the comments behind it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _listed(values: Sequence[str], column: int) -> str:
    return "".join(_lines((), each, column) for each in values).strip()


def _nested(place: Place, entry: Any) -> dict[str, Any]:
    """The list that holds an entry, under the keys that lead to it."""
    made: Any = [entry]
    for step in reversed(place):
        made = {step: made}
    return dict(made)


def _lines(place: Place, entry: Any, column: int) -> str:
    """The same as lines: each key on its own, then the entry, of which each part is a line."""
    if place:
        return f"{' ' * column}{_flow(place[0])}:\n{_lines(place[1:], entry, column + _STEP)}"
    parts = [f"{_flow(key)}: {_flow(value)}" for key, value in entry.items()] if isinstance(entry, dict) else []
    body = f"\n{' ' * (column + _STEP)}".join(parts or [_flow(entry)])
    return f"{' ' * column}- {body}\n"


def _flow(value: Any) -> str:
    """A value on one line, as it can stand in brackets too."""
    dumped = yaml.safe_dump([value], default_flow_style=True, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return dumped.strip()[1:-1]


def _checked(path: str, text: str, wanted: dict[str, Any]) -> str:
    try:
        read = read_yaml(path, text)
    except FileProblem as error:
        raise CannotEdit(path, "an edit of its text would not be YAML any more") from error
    if read != wanted:
        raise CannotEdit(path, "an edit of its text would change something else too")
    return text


def _shown(place: Place) -> str:
    return ".".join(map(str, place)) or "the file"
