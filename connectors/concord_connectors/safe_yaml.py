"""YAML and JSON mappings from untrusted documents: bounded, without aliases, and lossless in their scalars.

Only `true`/`false`, `null` and plain decimal integers get a type (the YAML 1.2 core schema's unsurprising part).
Everything else stays the text that its author wrote: a version `1.10` is not `1.1`, a country `NO` is not false, a
time `12:30` is not 750, and a date keeps its spelling for the mapping to read.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import yaml
from yaml.constructor import ConstructorError

MAX_METADATA_BYTES = 256 * 1024
MAX_DEPTH = 20


class MetadataError(ValueError):
    """Metadata that cannot be read; the message is a sentence without its final stop."""


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses aliases (one kilobyte of them can expand to gigabytes) and deep nesting."""

    # Own tables: without them the class would share, and this module would change, those of `SafeLoader`.
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012
    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise MetadataError("it uses a YAML alias (*name), which is not allowed here")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise MetadataError(f"it is nested deeper than {MAX_DEPTH} levels")
        node = super().compose_node(parent, index)
        if isinstance(parent, yaml.MappingNode) and index is None and isinstance(node, yaml.ScalarNode):
            node.tag = "tag:yaml.org,2002:str"  # a key is a name, whatever it looks like
        self._depth -= 1
        return node


# The resolver matches a prefix, so each pattern ends where the scalar ends.
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:[Tt]rue|TRUE|[Ff]alse|FALSE)\Z"), list("tTfF"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|[Nn]ull|NULL|)\Z"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z"), list("-0123456789"))


def load_yaml_mapping(text: str) -> dict[str, Any]:
    """Read one YAML mapping as JSON values; empty text gives `{}`; raises `MetadataError`."""
    _check_size(text)
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise MetadataError(_yaml_problem(error)) from error
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, MetadataError) else MetadataError(f"it is not valid YAML ({error})") from error
    return _mapping({} if value is None else value)


def load_json_mapping(text: str) -> dict[str, Any]:
    """Read one JSON object; raises `MetadataError`."""
    _check_size(text)
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, MetadataError) else MetadataError(f"it is not valid JSON ({error})") from error
    return _mapping(value)


def _check_size(text: str) -> None:
    if len(text) > MAX_METADATA_BYTES:
        raise MetadataError(f"it is longer than {MAX_METADATA_BYTES} characters")


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MetadataError("it is not a mapping of names to values")
    plain = _plain(value, 0)
    assert isinstance(plain, dict)  # noqa: S101 - what `_plain` gives for a dict
    return plain


def _plain(value: Any, depth: int) -> Any:
    """`value` as JSON knows it: text keys; explicit tags such as `!!timestamp` or `!!set` become text and lists."""
    if depth > MAX_DEPTH:
        raise MetadataError(f"it is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(inner, depth + 1) for inner in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _refuse_constant(name: str) -> NoReturn:
    raise MetadataError(f"it holds {name}, which is no JSON value")


def _yaml_problem(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        kind = "holds a value of an unknown kind" if isinstance(error, ConstructorError) else "is not valid YAML"
        return f"it {kind}: {error.problem} (line {error.problem_mark.line + 1})"
    return "it is not valid YAML"
