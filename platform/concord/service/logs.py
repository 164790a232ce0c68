"""Log lines: JSON objects, one a line (`service.log: json`), for whatever collects them, or text for people."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """A record as one JSON object: `at`, `level`, `logger`, `message`, the record's own `fields`, and its error."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; whatever is in a message, it stays one line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """A record as time, level, logger and message, with the record's own `fields` after it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line without its error."""
        fields = getattr(record, "fields", {}).items()
        return " ".join([super().formatMessage(record), *(f"{name}={_plain(value)}" for name, value in fields)])


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def configure(form: str) -> None:
    """Write the log to stderr, as `json` or as `text`."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # they log addresses whole, and a webhook's is a secret
