"""URLs of records, made from a template."""

from __future__ import annotations

import hashlib
from string import Formatter
from urllib.parse import quote

from concord_connectors.errors import OptionError

_FIELDS = frozenset({"path", "native_id", "stem", "commit", "revision"})


class UrlTemplate:
    """A text with `{path}`, `{native_id}`, `{stem}`, `{commit}` and `{revision}`; raises `OptionError` for others."""

    def __init__(self, template: str | None) -> None:
        if template is not None and not isinstance(template, str):
            raise OptionError("url_template", "must be a text")
        try:
            parts = list(Formatter().parse(template or ""))
        except ValueError as error:
            raise OptionError("url_template", f"has braces that do not match ({error})") from error
        for _, name, form, conversion in parts:
            if name is not None and (name not in _FIELDS or form or conversion):
                raise OptionError("url_template", f"may use {sorted(_FIELDS)}, not {{{name}}}")
        self._template = template

    def fill(self, **values: str) -> str | None:
        """The URL for one record, its values percent-encoded; None without a template."""
        if self._template is None:
            return None
        return self._template.format(**{name: quote(value, safe="/") for name, value in values.items()})


def url_mark(url: str | None) -> list[str]:
    """What a version says of the record's URL, so that it changes with it."""
    return [] if url is None else ["u" + hashlib.sha256(url.encode()).hexdigest()[:8]]
