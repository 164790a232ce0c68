"""Side-cars: `<file>.meta.yaml` (or `.yml`, `.json`) holds the metadata of the file beside it."""

from __future__ import annotations

from collections.abc import Container

from concord_connectors.contract import JsonObject
from concord_connectors.safe_yaml import MAX_METADATA_BYTES, MetadataError, load_json_mapping, load_yaml_mapping

SIDECAR_SUFFIXES = (".meta.yaml", ".meta.yml", ".meta.json")
MAX_SIDECAR_BYTES = MAX_METADATA_BYTES


def is_sidecar(path: str) -> bool:
    """Whether `path` names a side-car and is therefore no content of its own."""
    return path.endswith(SIDECAR_SUFFIXES)


def find_sidecar(path: str, paths: Container[str]) -> str | None:
    """The side-car of `path` among `paths`; raises `MetadataError` when there are several."""
    found = [path + suffix for suffix in SIDECAR_SUFFIXES if path + suffix in paths]
    if len(found) > 1:
        names = " and ".join(name.rpartition("/")[2] for name in found)
        raise MetadataError(f"there are several ({names}); keep one")
    return found[0] if found else None


def read_sidecar(path: str, content: bytes) -> JsonObject:
    """The metadata in the side-car `path`; raises `MetadataError` with the name of the file."""
    try:
        text = content.decode("utf-8-sig")
        return load_json_mapping(text) if path.endswith(".json") else load_yaml_mapping(text)
    except UnicodeDecodeError as error:
        raise MetadataError(f"{path.rpartition('/')[2]} is not UTF-8 text") from error
    except MetadataError as error:
        raise MetadataError(f"{path.rpartition('/')[2]} cannot be used: {error}") from error
