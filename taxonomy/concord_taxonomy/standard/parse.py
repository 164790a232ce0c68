"""Reading a mapping from the plain dict of a YAML file, with every mistake named at its place."""

from __future__ import annotations

import difflib
from collections import abc
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from concord_taxonomy.standard.errors import Issue, MappingError, UpgradeError
from concord_taxonomy.standard.expression import PLUS_TAGS, Expression
from concord_taxonomy.standard.fields import LIST_FIELDS, MAPPABLE, PLATFORM, Place, convert
from concord_taxonomy.standard.mapping import Alternatives, Mapping, Match, Rule
from concord_taxonomy.standard.text import as_text, shown
from concord_taxonomy.standard.version import STANDARD_VERSION, upgrade_mapping

_Model = TypeVar("_Model", bound=BaseModel)


def parse_mapping(data: abc.Mapping[str, Any] | None) -> Mapping:
    """Return the mapping that a plain dict declares; `standard: "0.9"` marks one to be upgraded on the way.

    Raises `MappingError` with every mistake, each at its place: `fields.modified[1].pattern: …`.
    """
    reader = _Reader()
    mapping = reader.mapping({} if data is None else data)
    if reader.issues:
        raise MappingError(reader.issues)
    return mapping


class _Reader:
    """Collects issues while it reads, so that a person sees all of them at once."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def mapping(self, data: Any) -> Mapping:
        if not isinstance(data, abc.Mapping):
            self._issue("mapping", "write `fields:` and `rules:`")
            return Mapping()
        try:
            data = upgrade_mapping(data, _version(data.get("standard", STANDARD_VERSION)))
        except UpgradeError as error:
            self._issue("standard", str(error))
            return Mapping()
        for key in data:
            if key not in ("standard", "fields", "rules"):
                self._issue(str(key), "a mapping has `fields`, `rules` and `standard` only")
        fields = self._assignments(data.get("fields"), "fields")
        rules = data.get("rules")
        if rules is not None and not isinstance(rules, list | tuple):
            self._issue("rules", "write a list, each entry with `match` and `set`")
            rules = None
        read = (self._rule(rule, f"rules[{number}]") for number, rule in enumerate(rules or ()))
        return Mapping(fields=fields, rules=tuple(rule for rule in read if rule is not None))

    def _rule(self, data: Any, place: str) -> Rule | None:
        if not isinstance(data, abc.Mapping):
            self._issue(place, "write `match` and `set`")
            return None
        for key in data:
            if key not in ("match", "set", "add"):
                self._issue(f"{place}.{key}", "a rule has `match`, `set` and `add` only")
        match = self._model(Match, data.get("match") or {}, f"{place}.match")
        if not data.get("set") and not data.get("add"):
            self._issue(place, "the rule does nothing: write `set` or `add`")
        changed = self._assignments(data.get("set"), f"{place}.set", rule=True)
        added = self._assignments(data.get("add"), f"{place}.add", rule=True)
        for name in added:
            if name not in LIST_FIELDS:
                self._issue(f"{place}.add.{name}", "this field holds one value: use `set`")
        return Rule(match=match, set=changed, add=added) if match is not None else None

    def _assignments(self, data: Any, place: str, *, rule: bool = False) -> dict[str, Alternatives]:
        if data is None:
            return {}
        if not isinstance(data, abc.Mapping):
            self._issue(place, "write field names of the standard and where each comes from")
            return {}
        assignments: dict[str, Alternatives] = {}
        for name, value in data.items():
            here = f"{place}.{name}"
            if name not in MAPPABLE:
                self._issue(here, _unknown(str(name)))
            else:
                assignments[name] = alternatives = self._alternatives(value, here, rule=rule)
                self._constants(name, alternatives, here, indexed=_is_list_of_expressions(value))
        return assignments

    def _alternatives(self, value: Any, place: str, *, rule: bool) -> Alternatives:
        if isinstance(value, abc.Mapping):
            return self._some(self._model(Expression, value, place))
        if _is_list_of_expressions(value):
            read = [self._model(Expression, entry, f"{place}[{number}]") for number, entry in enumerate(value)]
            return tuple(expression for expression in read if expression is not None)
        if not rule:
            self._issue(place, f"write {{path: …}} or {{const: {shown(value)}}}")
            return ()
        return () if value is None else self._some(self._model(Expression, {"const": value}, place))

    def _constants(self, name: str, alternatives: Alternatives, place: str, *, indexed: bool) -> None:
        """Check what the file itself says, so that a wrong word is found before any record is."""
        for number, expression in enumerate(alternatives):
            here = f"{place}[{number}]" if indexed else place
            given = {"const": expression.const, "default": expression.default}
            if not expression.reads_date:
                given |= {f"map.{key}": value for key, value in (expression.map or {}).items()}
            for key, value in given.items():
                try:
                    convert(name, value, Place("source"))
                except ValueError as error:
                    self._issue(f"{here}.{key}", str(error))

    def _model(self, model: type[_Model], data: Any, place: str) -> _Model | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for entry in error.errors(include_url=False):
                steps = [str(step) for step in entry["loc"] if step not in PLUS_TAGS]
                message = entry["msg"].removeprefix("Value error, ")
                if entry["type"] == "extra_forbidden":
                    message = f"unknown: write one of {', '.join(model.model_fields)}"
                self._issue(".".join([place, *steps]), message)
            return None

    @staticmethod
    def _some(expression: Expression | None) -> Alternatives:
        return () if expression is None else (expression,)

    def _issue(self, place: str, message: str) -> None:
        self.issues.append(Issue(place, message))


def _is_list_of_expressions(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(entry, abc.Mapping) for entry in value)


def _unknown(name: str) -> str:
    if name in PLATFORM:
        return "the platform sets this field; a mapping cannot"
    near = difflib.get_close_matches(name, MAPPABLE, n=1)
    hint = f": did you mean {near[0]}?" if near else f": write one of {', '.join(MAPPABLE)}"
    return f"the standard has no field of this name{hint}"


def _version(value: Any) -> str:
    return as_text(value) or ""
