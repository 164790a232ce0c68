"""The formats that parsers know: media type and file extensions. A table, so that connectors need no parser."""

from __future__ import annotations

from dataclasses import dataclass

OCTET_STREAM = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Format:
    """A document format: its name here, its media type, its extensions (lower case, the longest first)."""

    name: str
    media_type: str
    extensions: tuple[str, ...]

    @property
    def is_text(self) -> bool:
        """Whether its source has lines, so that dates per line mean something."""
        return self.media_type.startswith("text/")


FORMATS = (
    Format("markdown", "text/markdown", (".markdown.erb", ".md.erb", ".markdown", ".md")),
    Format("html", "text/html", (".xhtml", ".html", ".htm")),
    Format("pdf", "application/pdf", (".pdf",)),
    Format("docx", _OFFICE + "wordprocessingml.document", (".docx",)),
    Format("pptx", _OFFICE + "presentationml.presentation", (".pptx", ".pptm")),
    Format("xlsx", _OFFICE + "spreadsheetml.sheet", (".xlsx", ".xlsm")),
    Format("csv", "text/csv", (".csv",)),
    Format("tsv", "text/tab-separated-values", (".tsv", ".tab")),
    Format("eml", "message/rfc822", (".eml",)),
    Format("text", "text/plain", (".text", ".txt")),
)

CONTAINERS = (
    Format("zip", "application/zip", (".zip",)),
    Format("mbox", "application/mbox", (".mbox",)),
)
"""What holds documents and is none itself; a message (`eml`) is both."""


def format_of_name(name: str) -> Format | None:
    """The format of a file by its name, whatever its case; None for an unknown one."""
    return _by_name(name, FORMATS)


def container_of_name(name: str) -> Format | None:
    """The kind of container that a file is by its name; None for anything else."""
    return _by_name(name, CONTAINERS)


def _by_name(name: str, formats: tuple[Format, ...]) -> Format | None:
    lower = name.lower()
    return next((each for each in formats if lower.endswith(each.extensions)), None)


def format_of_type(media_type: str) -> Format | None:
    """The format of a media type, parameters such as `charset` apart; None for an unknown one."""
    essence = media_type.partition(";")[0].strip().lower()
    return next((each for each in FORMATS if each.media_type == essence), None)


def media_type_of(name: str) -> str:
    """The media type of a file by its name, `application/octet-stream` for an unknown one."""
    known = format_of_name(name) or container_of_name(name)
    return known.media_type if known else OCTET_STREAM


def stem_of(name: str) -> str:
    """`name` without the extension of its format: `guide/leave.html.md.erb` gives `guide/leave.html`."""
    known = format_of_name(name)
    if known is None:
        return name
    return name[: -len(next(each for each in known.extensions if name.lower().endswith(each)))]
